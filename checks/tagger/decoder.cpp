// Viterbi in whole numbers; probabilities only where an entity was found.
#include "checks/tagger/decoder.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace guardrails::checks::tagger {

namespace {

constexpr label start_of_text = row_width - 1;
constexpr std::size_t neighbours = 2;

using row = label_factors;

// Not inlined: unrolled into its caller, the compiler would vectorise across labels, with many shuffles.
[[gnu::noinline]] void raise(scores& best, std::int16_t before, const scores& step) noexcept {
  for (std::size_t to = 0; to < row_width; ++to)
    best[to] = std::max(best[to], static_cast<std::int16_t>(before + step[to]));
}

// One step from the scores of all labels to those of the next token. Scores stay within 16 bits because the
// best is brought back to 0 and the rest cannot be further from it than two transitions and two sums of
// weights.
scores advance(const model& weights, const scores& before, const scores& token) noexcept {
  scores best;
  best.fill(std::numeric_limits<std::int16_t>::min());
  for (label from = 0; from < label_count; ++from)
    raise(best, before[from], weights.transitions(from));
  auto highest = model::forbidden;
  for (std::size_t to = 0; to < row_width; ++to) {
    best[to] = static_cast<std::int16_t>(best[to] + token[to]);
    highest = std::max(highest, best[to]);
  }
  for (auto& score : best)
    score = static_cast<std::int16_t>(score - highest);
  return best;
}

// The label before `to` on the best way there.
label best_before(const model& weights, const scores& before, label to) noexcept {
  label best = outside;
  // No score is above 0, so most often nothing can be better.
  if (before[outside] + weights.transitions(outside)[to] >= weights.greatest_transition(to))
    return best;
  for (label from = 1; from < label_count; ++from)
    if (before[from] + weights.transitions(from)[to] > before[best] + weights.transitions(best)[to])
      best = from;
  return best;
}

scores begin_with(const model& weights, const scores& token) noexcept {
  auto total = weights.transitions(start_of_text);
  for (std::size_t to = 0; to < label_count; ++to)
    total[to] = static_cast<std::int16_t>(total[to] + token[to]);
  return total;
}

std::size_t best_of(const scores& total) noexcept {
  return static_cast<std::size_t>(std::ranges::max_element(total.begin(), total.begin() + label_count) -
                                  total.begin());
}

row exponentials(const model& weights, const scores& of) noexcept {
  const auto highest = *std::max_element(of.begin(), of.begin() + label_count);
  row out{};
  for (std::size_t i = 0; i < label_count; ++i)
    out[i] = weights.factor(highest - of[i]);
  return out;
}

void normalise(row& r) noexcept {
  float sum = 0;
  for (const auto v : r)
    sum += v;
  if (sum > 0)
    for (auto& v : r)
      v /= sum;
}

void step_forward(const model& weights, const row& before, const row& token, row& after) noexcept {
  after = {};
  for (label from = 0; from < row_width; ++from)
    for (std::size_t to = 0; to < row_width; ++to)
      after[to] += before[from] * weights.factors_from(from)[to];
  for (std::size_t to = 0; to < row_width; ++to)
    after[to] *= token[to];
  normalise(after);
}

void step_backward(const model& weights, const row& after, const row& token, row& before) noexcept {
  before = {};
  for (label to = 0; to < label_count; ++to) {
    const auto through = token[to] * after[to];
    for (std::size_t from = 0; from < row_width; ++from)
      before[from] += through * weights.factors_to(to)[from];
  }
  normalise(before);
}

row only(label l) noexcept {
  row r{};
  r[l] = 1;
  return r;
}

row any() noexcept {
  row r{};
  std::fill_n(r.begin(), label_count, 1.0F);
  return r;
}

} // namespace

void decode(const model& weights, std::span<const scores> tokens, std::span<label> best) noexcept {
  if (tokens.empty())
    return;
  std::array<scores, token_looks::most_tokens> total;
  total[0] = begin_with(weights, tokens[0]);
  for (std::size_t i = 1; i < tokens.size(); ++i)
    total[i] = advance(weights, total[i - 1], tokens[i]);
  const auto last = tokens.size() - 1;
  best[last] = static_cast<label>(best_of(total[last]));
  for (auto i = last; i > 0; --i)
    best[i - 1] = best_before(weights, total[i - 1], best[i]);
}

double certainty(const model& weights, std::span<const scores> tokens, std::span<const label> best,
                 std::size_t begin, std::size_t end) noexcept {
  const auto first = begin - std::min(begin, neighbours);
  const auto last = std::min(end + neighbours, tokens.size());
  const auto count = last - first;
  std::array<row, token_looks::most_tokens> token;
  std::array<row, token_looks::most_tokens> forward;
  for (std::size_t i = 0; i < count; ++i)
    token[i] = exponentials(weights, tokens[first + i]);
  const auto before = only(first == 0 ? start_of_text : best[first - 1]);
  for (std::size_t i = 0; i < count; ++i)
    step_forward(weights, i == 0 ? before : forward[i - 1], token[i], forward[i]);
  auto backward = any();
  if (last < tokens.size())
    step_backward(weights, only(best[last]), any(), backward);
  const auto wanted = entity_of(best[begin]);
  double least = 1;
  for (auto i = count; i-- > 0;) {
    if (first + i >= begin && first + i < end) {
      float all = 0;
      for (std::size_t l = 0; l < label_count; ++l)
        all += forward[i][l] * backward[l];
      const auto of_it = forward[i][begins(wanted)] * backward[begins(wanted)] +
                         forward[i][inside(wanted)] * backward[inside(wanted)];
      least = std::min(least, all > 0 ? static_cast<double>(of_it / all) : 0.0);
    }
    row before_it{};
    step_backward(weights, backward, token[i], before_it);
    backward = before_it;
  }
  return least;
}

} // namespace guardrails::checks::tagger
