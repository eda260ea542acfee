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
  end_ = token.end;
  if (block_units_.fills(token.units))
    end_block();
  if (sentence_units_.fills(token.units))
    end_sentence();
}

void window_scores::end_sentence() noexcept {
  if (sentence_.grams == 0)
    return;
  const auto evened = static_cast<float>(sentence_.columns[by_sentence]) * evenness(sentence_.grams);
  if (sentences_ == 0 || evened > greatest_[by_sentence]) {
    greatest_[by_sentence] = evened;
    places_[by_sentence] = part_from(sentence_begin_);
  }
  ++sentences_;
  sentence_begin_ = end_;
  sentence_ = {};
  sentence_units_.start_again();
}

void window_scores::end_block() noexcept {
  if (blocks_ > 0)
    judge_window(previous_ + block_);
  ++blocks_;
  previous_ = block_;
  block_ = {};
  std::shift_left(block_begins_.begin(), block_begins_.end(), 1);
  block_begins_.back() = end_;
  block_units_.start_again();
}

text_part window_scores::part_from(std::uint32_t begin) const noexcept {
  return {std::min(block_begins_.front(), begin), begin, end_};
}

void window_scores::judge_window(const weight_sums& sums) noexcept {
  const auto factor = evenness(sums.grams);
  std::array<float, row_width> evened{};
  for (std::size_t i = 0; i < row_width; ++i)
    evened[i] = static_cast<float>(sums.columns[i]) * factor;
  const auto before = greatest_;
  const auto place = part_from(block_begins_[block_begins_.size() - 2]);
  for (std::size_t i = 0; i < head_count; ++i) {
    const auto main = index_of(refined_by(static_cast<head>(i)));
    if (i == by_sentence || (windows_ > 0 && !(evened[main] > before[main])))
      continue;
    greatest_[i] = evened[i];
    places_[i] = place;
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
  scores.greatest = places_;
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

/// The n-grams of a part of the text with what they say for one head, in units of the model.
class part_grams {
public:
  part_grams(const head_model& weights, head of, text_part part) noexcept
    : model_{weights}
    , column_{index_of(of)}
    , part_{part} {}

  void take(const token_grams& token) {
    const auto end = part_.reads_from + token.end;
    if (end <= part_.begin || end > part_.end)
      return;
    for (std::size_t g = 0; g < token.count; ++g) {
      const auto weight = static_cast<std::int8_t>(model_.row(token.hashes[g])[column_]);
      told_.push_back({{part_.reads_from + token.places[g].begin, part_.reads_from + token.places[g].end},
                       static_cast<double>(weight)});
    }
  }

  void end_sentence() const noexcept {}

  const std::vector<telling_gram>& told() const noexcept { return told_; }

private:
  const head_model& model_;
  std::size_t column_;
  text_part part_;
  std::vector<telling_gram> told_;
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

explanation explain(std::string_view normalised, const head_model& weights, head of,
                    const head_scores& scores, std::size_t most) {
  const auto part = scores.greatest[index_of(of)];
  part_grams grams{weights, of, part};
  gram_reader<part_grams, true> reader{grams};
  reader.feed(
    normalised.substr(0, part.end).substr(std::min<std::size_t>(part.reads_from, normalised.size())));
  reader.finish();
  explanation made;
  const auto& told = grams.told();
  if (told.empty())
    return made;
  made.window = told.front().where;
  for (const auto& g : told) {
    made.window.begin = std::min(made.window.begin, g.where.begin);
    made.window.end = std::max(made.window.end, g.where.end);
  }
  const auto unit = static_cast<double>(weights.scale(of).gain) *
                    static_cast<double>(evenness(static_cast<std::uint32_t>(told.size())));
  for (auto& g : add_up(told)) {
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
