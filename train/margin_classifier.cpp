// Dual coordinate descent for the squared hinge loss (C.-J. Hsieh et al., 2008), in rounds: which window of a
// positive text is the telling one is decided with the weights of the round before (multiple-instance
// learning, S. Andrews et al., 2002). All windows of a negative text are negative, and so is one of a
// positive text that a negative one has too. N-grams are scaled by their inverse document frequency and their
// log-count ratio (S. Wang and C. Manning, 2012); the scales end up within the weights.
#include "train/margin_classifier.hpp"

#include "checks/models/head_model.hpp"
#include "train/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_set>

namespace guardrails::train {

namespace {

constexpr unsigned rounds = 3;
constexpr unsigned passes_of_first_rounds = 5;
constexpr unsigned patience = 3;
constexpr double least_ratio = 0.05;
constexpr double few_windows = 1'000;
constexpr double settled = 0.05; // greatest step of a pass after which there is nothing more to learn

struct example {
  std::span<const std::uint32_t> buckets;
  double sign;
  double cost;
  double evenness;
  double square; // of the vector's length
  double dual = 0;
};

class trainer {
public:
  trainer(const margin_settings& how)
    : how_{how}
    , random_{how.seed} {
    weights_.of_bucket.assign(std::size_t{1} << how.bucket_bits, 0.0F);
    counts_.assign(weights_.of_bucket.size(), 0);
  }

  margin_fit run(std::span<const margin_row> rows, std::span<const margin_row> held_out) {
    know_harmless(rows);
    scale_grams(rows);
    margin_fit fit;
    for (unsigned round = 0; round < rounds; ++round) {
      choose_examples(rows, round);
      const bool last = round + 1 == rounds;
      const auto passes = last ? how_.passes : std::min(how_.passes, passes_of_first_rounds);
      fit = descend(passes, last ? held_out : std::span<const margin_row>{});
    }
    return fit;
  }

private:
  static std::uint64_t name_of(std::span<const std::uint32_t> buckets) {
    std::uint64_t name = buckets.size();
    for (const auto b : buckets)
      name = (name ^ b) * 0x9E3779B97F4A7C15U;
    return name;
  }

  void know_harmless(std::span<const margin_row> rows) {
    for (const auto& row : rows)
      if (!row.positive)
        for (const auto& w : row.text->windows)
          harmless_.insert(name_of(row.text->in(w)));
  }

  // The mean square over all n-grams stays 1, so that a cost means the same whatever the exponents.
  void scale_grams(std::span<const margin_row> rows) {
    struct gram_count {
      double all = 0;
      std::array<double, 2> of_class{};
      std::uint32_t last = 0; // window that had it
    };
    std::vector<gram_count> counts(weights_.of_bucket.size());
    std::array<double, 2> totals{};
    std::uint32_t windows = 0;
    for (const auto& row : rows)
      for (const auto& w : row.text->windows) {
        ++windows;
        totals[row.positive] += static_cast<double>(row.weight);
        for (const auto b : row.text->in(w))
          if (auto& count = counts[b]; count.last != windows) {
            count.last = windows;
            ++count.all;
            count.of_class[row.positive] += static_cast<double>(row.weight);
          }
      }
    // What is rare among few texts is so by chance.
    const auto rarity = how_.rarity * windows / (windows + few_windows);
    squares_.resize(counts.size());
    double sum = 0;
    double all = 0;
    for (std::size_t b = 0; b < counts.size(); ++b) {
      const auto& count = counts[b];
      const auto rare = std::log((windows + 1) / (count.all + 1));
      const auto ratio = std::log((count.of_class[1] + 1) / (totals[1] + 2)) -
                         std::log((count.of_class[0] + 1) / (totals[0] + 2));
      const auto scale = std::pow(rare, rarity) * std::pow(std::abs(ratio) + least_ratio, how_.contrast);
      squares_[b] = static_cast<float>(scale * scale);
      sum += scale * scale * count.all;
      all += count.all;
    }
    if (sum > 0)
      for (auto& square : squares_)
        square *= static_cast<float>(all / sum);
  }

  void choose_examples(std::span<const margin_row> rows, unsigned round) {
    examples_.clear();
    for (const auto& row : rows) {
      const auto& windows = row.text->windows;
      const auto cost =
        how_.cost * static_cast<double>(row.weight) * (row.positive ? how_.class_weight : 1.0);
      if (windows.empty())
        continue;
      if (!row.positive) {
        for (const auto& w : windows)
          add(row, w, cost / std::sqrt(static_cast<double>(windows.size())));
      } else if (const auto telling = telling_windows(*row.text); telling.empty()) {
        continue;
      } else if (round > 0) {
        add(row, greatest(*row.text, telling), cost);
      } else if (!row.in_part) {
        for (const auto& w : telling)
          add(row, w, cost / static_cast<double>(telling.size()));
      }
    }
    std::ranges::fill(weights_.of_bucket, 0.0F);
    weights_.bias = 0;
  }

  std::vector<gram_text::window> telling_windows(const gram_text& text) const {
    std::vector<gram_text::window> telling;
    std::ranges::copy_if(text.windows, std::back_inserter(telling),
                         [&](gram_text::window w) { return !harmless_.contains(name_of(text.in(w))); });
    return telling;
  }

  gram_text::window greatest(const gram_text& text, std::span<const gram_text::window> among) const {
    return *std::ranges::max_element(among, {},
                                     [&](gram_text::window w) { return weights_.score(text.in(w)); });
  }

  void add(const margin_row& row, gram_text::window w, double cost) {
    const auto buckets = row.text->in(w);
    const auto evenness =
      static_cast<double>(checks::models::evenness(static_cast<std::uint32_t>(buckets.size())));
    double squares = 0;
    for (const auto b : buckets)
      ++counts_[b];
    for (const auto b : buckets) {
      squares += static_cast<double>(counts_[b]) * counts_[b] * static_cast<double>(squares_[b]);
      counts_[b] = 0;
    }
    examples_.push_back(
      {buckets, row.positive ? 1.0 : -1.0, cost, evenness, squares * evenness * evenness + 1, 0});
  }

  margin_fit descend(unsigned most_passes, std::span<const margin_row> held_out) {
    std::vector<std::uint32_t> order(examples_.size());
    std::iota(order.begin(), order.end(), 0U);
    margin_fit best;
    double least = std::numeric_limits<double>::infinity();
    for (unsigned pass = 1; pass <= most_passes; ++pass) {
      for (auto i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random_.below(i)]);
      double greatest_step = 0;
      for (const auto i : order)
        greatest_step = std::max(greatest_step, improve(examples_[i]));
      const auto lost = held_out.empty() ? 0.0 : loss(held_out);
      if (held_out.empty() || lost < least) {
        least = lost;
        best.passes = pass;
        if (!held_out.empty())
          best.weights = weights_;
      }
      if (greatest_step < settled || pass - best.passes >= patience)
        break;
    }
    if (held_out.empty())
      best.weights = weights_;
    return best;
  }

  // One coordinate of the dual problem; returns how far it was from its best.
  double improve(example& e) {
    const auto diagonal = 1 / (2 * e.cost);
    const auto gradient = e.sign * static_cast<double>(weights_.score(e.buckets)) - 1 + diagonal * e.dual;
    const auto projected = e.dual == 0 ? std::min(gradient, 0.0) : gradient;
    if (std::abs(projected) < 1e-6)
      return 0;
    const auto dual = std::max(e.dual - gradient / (e.square + diagonal), 0.0);
    const auto change = (dual - e.dual) * e.sign;
    e.dual = dual;
    weights_.bias += static_cast<float>(change);
    const auto step = static_cast<float>(change * e.evenness);
    for (const auto b : e.buckets)
      weights_.of_bucket[b] += step * squares_[b];
    return std::abs(projected);
  }

  // Both classes count alike.
  double loss(std::span<const margin_row> rows) const {
    std::array<double, 2> sums{};
    std::array<double, 2> counts{};
    for (const auto& row : rows) {
      const auto short_of = 1 - (row.positive ? 1 : -1) * static_cast<double>(weights_.score(*row.text));
      sums[row.positive] += short_of > 0 ? short_of * short_of : 0;
      ++counts[row.positive];
    }
    return sums[0] / std::max(counts[0], 1.0) + sums[1] / std::max(counts[1], 1.0);
  }

  margin_settings how_;
  random_source random_;
  margin_weights weights_;
  std::vector<std::uint32_t> counts_;          // of the example that is added
  std::vector<float> squares_;                 // of the n-grams' scales
  std::unordered_set<std::uint64_t> harmless_; // windows that negative texts have
  std::vector<example> examples_;
};

} // namespace

float margin_weights::score(std::span<const std::uint32_t> buckets) const {
  float sum = 0;
  for (const auto b : buckets)
    sum += of_bucket[b];
  return sum * checks::models::evenness(static_cast<std::uint32_t>(buckets.size())) + bias;
}

float margin_weights::score(const gram_text& text) const {
  if (text.windows.empty())
    return bias;
  float most = -std::numeric_limits<float>::infinity();
  for (const auto& w : text.windows)
    most = std::max(most, score(text.in(w)));
  return most;
}

margin_fit fit_margin(std::span<const margin_row> rows, const margin_settings& how,
                      std::span<const margin_row> held_out) {
  return trainer{how}.run(rows, held_out);
}

} // namespace guardrails::train
