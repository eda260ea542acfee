// Adds rows of weights up, and keeps the greatest windows.
#include "checks/models/head_scorer.hpp"

#include "checks/normalise.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace guardrails::checks::models {

namespace {

// 8 bits times the grams of a token stay within 16.
static_assert(most_grams * 128 <= 32'767);

std::array<std::int16_t, row_width> sum_rows(const head_model& model, const token_grams& token) noexcept {
  std::array<std::int16_t, row_width> sum{};
  for (std::size_t g = 0; g < token.count; ++g) {
    const auto* row = model.row(token.hashes[g]);
    for (std::size_t i = 0; i < row_width; ++i)
      sum[i] = static_cast<std::int16_t>(sum[i] + static_cast<std::int8_t>(row[i]));
  }
  return sum;
}

float probability(const head_scale& scale, float evened) noexcept {
  return 1.0F / (1.0F + std::exp(-(scale.gain * evened + scale.offset)));
}

constexpr std::size_t by_sentence = index_of(head::injection_data);

} // namespace

void window_scores::take(const token_grams& token) noexcept {
  const auto sum = sum_rows(*model_, token);
  sentence_.add(sum, token.count);
  block_.add(sum, token.count);
  if (block_units_.fills(token.units))
    end_block();
  if (sentence_units_.fills(token.units))
    end_sentence();
}

void window_scores::end_sentence() noexcept {
  if (sentence_.grams == 0)
    return;
  const auto evened = static_cast<float>(sentence_.columns[by_sentence]) * evenness(sentence_.grams);
  greatest_[by_sentence] = sentences_ == 0 ? evened : std::max(greatest_[by_sentence], evened);
  ++sentences_;
  sentence_ = {};
  sentence_units_.start_again();
}

void window_scores::end_block() noexcept {
  if (blocks_ > 0)
    judge_window(previous_ + block_);
  ++blocks_;
  previous_ = block_;
  block_ = {};
  block_units_.start_again();
}

void window_scores::judge_window(const weight_sums& sums) noexcept {
  const auto factor = evenness(sums.grams);
  std::array<float, row_width> evened{};
  for (std::size_t i = 0; i < row_width; ++i)
    evened[i] = static_cast<float>(sums.columns[i]) * factor;
  const auto before = greatest_;
  for (std::size_t i = 0; i < head_count; ++i) {
    const auto main = index_of(refined_by(static_cast<head>(i)));
    if (i != by_sentence && (windows_ == 0 || evened[main] > before[main]))
      greatest_[i] = evened[i];
  }
  ++windows_;
}

head_scores window_scores::finish() noexcept {
  end_sentence();
  if (block_.grams > 0 || blocks_ == 1)
    judge_window(previous_ + block_);
  head_scores scores;
  for (std::size_t i = 0; i < head_count; ++i)
    if (model_->has(static_cast<head>(i)))
      scores.probabilities[i] = probability(model_->scale(static_cast<head>(i)), greatest_[i]);
  return scores;
}

head_scores score_normalised(std::string_view text, const head_model& weights) {
  stream_scorer scorer{weights};
  scorer.feed(text);
  return scorer.finish();
}

head_scores score(std::string_view text, const head_model& weights) {
  return score_normalised(normalise(text).text(), weights);
}

namespace {

/// What a part of the text says for one head: the sum, and each n-gram's share of it by place.
struct told_part {
  std::vector<telling_gram> grams; // weights in units of the model
  std::int32_t sum = 0;

  void append(const told_part& other) {
    grams.insert(grams.end(), other.grams.begin(), other.grams.end());
    sum += other.sum;
  }
};

/// Follows the same windows as window_scores, for one head.
class window_reasons {
public:
  window_reasons(const head_model& weights, head of) noexcept
    : model_{weights}
    , column_{index_of(of)}
    , main_{index_of(refined_by(of))} {}

  void take(const token_grams& token) {
    for (std::size_t g = 0; g < token.count; ++g) {
      const auto* row = model_.row(token.hashes[g]);
      part_.sum += static_cast<std::int8_t>(row[main_]);
      part_.grams.push_back({{token.places[g].begin, token.places[g].end},
                             static_cast<double>(static_cast<std::int8_t>(row[column_]))});
    }
    if (by_sentences() ? sentence_units_.fills(token.units) : block_units_.fills(token.units))
      by_sentences() ? end_sentence() : end_block();
  }

  void end_sentence() {
    if (!by_sentences() || part_.grams.empty())
      return;
    if (is_greatest(part_.sum, part_.grams.size()))
      greatest_ = std::move(part_);
    part_ = {};
    sentence_units_.start_again();
  }

  told_part finish() {
    end_sentence();
    if (!by_sentences() && (!part_.grams.empty() || blocks_ == 1))
      end_window();
    return std::move(greatest_);
  }

private:
  bool by_sentences() const noexcept { return main_ == by_sentence; }

  void end_block() {
    if (blocks_ > 0)
      end_window();
    ++blocks_;
    previous_ = std::move(part_);
    part_ = {};
    block_units_.start_again();
  }

  void end_window() {
    if (!is_greatest(previous_.sum + part_.sum, previous_.grams.size() + part_.grams.size()))
      return;
    greatest_ = previous_;
    greatest_.append(part_);
  }

  /// Whether it is so far; only then are its n-grams copied.
  bool is_greatest(std::int32_t sum, std::size_t grams) noexcept {
    const auto evened = static_cast<float>(sum) * evenness(static_cast<std::uint32_t>(grams));
    if (any_ && !(evened > most_))
      return false;
    any_ = true;
    most_ = evened;
    return true;
  }

  const head_model& model_;
  std::size_t column_;
  std::size_t main_;
  unit_counter sentence_units_{longest_sentence};
  unit_counter block_units_{block_units};
  told_part part_;
  told_part previous_;
  told_part greatest_;
  std::uint32_t blocks_ = 0;
  bool any_ = false;
  float most_ = 0;
};

bool overlap(match_range a, match_range b) noexcept {
  return a.begin < b.end && b.begin < a.end;
}

// The same place may have been told of by several n-grams.
std::vector<telling_gram> add_up(const std::vector<telling_gram>& grams) {
  std::map<std::pair<std::size_t, std::size_t>, double> weights;
  for (const auto& g : grams)
    if (g.where.begin < g.where.end)
      weights[{g.where.begin, g.where.end}] += g.weight;
  std::vector<telling_gram> summed;
  for (const auto& [where, weight] : weights)
    if (weight > 0)
      summed.push_back({{where.first, where.second}, weight});
  std::ranges::stable_sort(summed, std::greater{}, &telling_gram::weight);
  return summed;
}

} // namespace

explanation explain(std::string_view normalised, const head_model& weights, head of, std::size_t most) {
  window_reasons reasons{weights, of};
  gram_reader<window_reasons, true> reader{reasons};
  reader.feed(normalised);
  reader.finish();
  const auto part = reasons.finish();
  explanation made;
  if (part.grams.empty())
    return made;
  made.window = part.grams.front().where;
  for (const auto& g : part.grams) {
    made.window.begin = std::min(made.window.begin, g.where.begin);
    made.window.end = std::max(made.window.end, g.where.end);
  }
  const auto unit = static_cast<double>(weights.scale(of).gain) *
                    static_cast<double>(evenness(static_cast<std::uint32_t>(part.grams.size())));
  for (auto& g : add_up(part.grams)) {
    if (made.grams.size() == most)
      break;
    if (std::ranges::any_of(made.grams,
                            [&](const telling_gram& taken) { return overlap(taken.where, g.where); }))
      continue;
    g.weight *= unit;
    made.grams.push_back(g);
  }
  return made;
}

} // namespace guardrails::checks::models
