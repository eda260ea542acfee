// Window by window: features, scores, labels, spans.
#include "checks/tagger/tagger.hpp"

#include "checks/tagger/decoder.hpp"
#include "checks/tagger/windows.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks::tagger {

namespace {

// The labels of one window and what they were decided from.
struct labelled_window {
  token_looks looks;
  std::array<scores, token_looks::most_tokens> scored;
  std::array<label, token_looks::most_tokens> labels;

  void decide(std::span<const token> tokens, const model& weights) noexcept {
    looks.assign(tokens, weights.usual_words());
    for (std::size_t i = 0; i < tokens.size(); ++i)
      scored[i] = weights.score(looks.features(i));
    decode(weights, std::span{scored}.first(tokens.size()), std::span{labels}.first(tokens.size()));
  }

  // The token after the entity that begins at `begin`.
  std::size_t end_of_entity(std::size_t begin, std::size_t tokens) const noexcept {
    auto end = begin + 1;
    while (end < tokens && labels[end] == inside(entity_of(labels[begin])))
      ++end;
    return end;
  }
};

void collect(const labelled_window& window, std::span<const token> tokens, const model& weights,
             entity_set wanted, std::vector<tagged_span>& found) {
  for (std::size_t i = 0; i < tokens.size();) {
    if (window.labels[i] == outside) {
      ++i;
      continue;
    }
    const auto end = window.end_of_entity(i, tokens.size());
    const auto kind = entity_of(window.labels[i]);
    if (wanted.test(static_cast<std::size_t>(kind)) && found.size() < most_spans)
      found.push_back({kind,
                       {tokens[i].begin, tokens[end - 1].end},
                       certainty(weights, std::span{window.scored}.first(tokens.size()),
                                 std::span{window.labels}.first(tokens.size()), i, end)});
    i = end;
  }
}

} // namespace

entity_set entities_named(std::span<const std::string> names) {
  entity_set wanted;
  if (names.empty())
    return wanted.set();
  for (const auto& name : names)
    if (const auto kind = entity_named(name))
      wanted.set(static_cast<std::size_t>(*kind));
  return wanted;
}

std::vector<tagged_span> find(std::string_view text, const model& weights, entity_set wanted,
                              const stop_function& stop) {
  std::vector<tagged_span> found;
  if (wanted.none())
    return found;
  windows all{text, weights.lists()};
  labelled_window window;
  for (auto tokens = all.next(); !tokens.empty() && !(stop && stop()); tokens = all.next()) {
    window.decide(tokens, weights);
    collect(window, tokens, weights, wanted, found);
    if (found.size() == most_spans) {
      found.back().where.end = text.size();
      break;
    }
  }
  return found;
}

} // namespace guardrails::checks::tagger
