// Cuts a text into stretches and reads them in turn.
#include "checks/pattern_gate.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

std::optional<bounded_expression> pattern_gate::takes(std::string_view expression) {
  return parse_bounded(expression, widest).expression;
}

pattern_gate::pattern_gate(std::span<const bounded_expression> expressions, std::vector<pattern_id> ids)
  : ids_{std::move(ids)}
  , automaton_{expressions, automaton_start::everywhere} {
  for (const auto& expression : expressions)
    overlap_ = std::max(overlap_, expression.width + 1);
}

bool pattern_gate::scan(std::string_view text, pattern_hits& hits) const {
  // Each stretch but the last reads so far into the next one.
  const auto stretch = (text.size() + (stretches - 1) * overlap_) / stretches + 1;
  if (stretch <= text.size())
    read_together(text, stretch, hits);
  else
    read(text, cursor{automaton_}, hits);
  return !automaton_.has_overflown();
}

// The stretches have the same length, and the last of them ends with the text.
void pattern_gate::read_together(std::string_view text, std::size_t bytes, pattern_hits& hits) const {
  const cursor first{automaton_};
  std::array<cursor, stretches> all{first, first, first, first};
  std::array<const char*, stretches> texts;
  for (std::size_t i = 0; i < stretches; ++i) {
    const auto begin = std::min(i * (bytes - overlap_), text.size() - bytes);
    texts[i] = text.data() + begin;
    all[i].restart(begin > 0 && is_word_byte(static_cast<unsigned char>(text[begin - 1])));
  }
  for (std::size_t taken = 0; taken < bytes && !automaton_.has_overflown();) {
    taken = cursor::advance_together(all, texts, taken, bytes);
    for (const auto& one : all)
      add_matches(one, hits);
  }
  read({}, all.back(), hits);
}

void pattern_gate::read(std::string_view text, cursor from, pattern_hits& hits) const {
  for (auto pos = from.advance(text, 0); pos < text.size(); pos = from.advance(text, pos + 1))
    add_matches(from, hits);
  if (from.finish())
    add_matches(from, hits);
}

void pattern_gate::add_matches(const cursor& at, pattern_hits& hits) const {
  for (const auto number : at.at().matched)
    hits.add(ids_[number]);
}

} // namespace guardrails::checks
