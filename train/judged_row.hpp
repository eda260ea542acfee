// Scored rows, and the slices a report tells apart.
#pragma once

#include "train/labelled_text.hpp"
#include "train/score_metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// What rows are sliced by. The topic is the one that was allowed when a text was judged.
enum class row_trait : std::uint8_t { source, lang, label, channel, style, topic };

inline constexpr std::array<std::string_view, 6> row_trait_names{"source",  "lang",  "label",
                                                                 "channel", "style", "topic"};

constexpr std::string_view name_of(row_trait trait) noexcept {
  return row_trait_names[static_cast<std::size_t>(trait)];
}

struct judged_row {
  outcome result;
  std::array<std::string, row_trait_names.size()> traits; ///< empty where a row does not say

  std::string& operator[](row_trait trait) noexcept { return traits[static_cast<std::size_t>(trait)]; }
  const std::string& operator[](row_trait trait) const noexcept {
    return traits[static_cast<std::size_t>(trait)];
  }
};

/// Probability that a text, coming from where the channel says, is what a head looks for.
using text_scorer = std::function<double(std::string_view text, checks::text_channel channel)>;

judged_row with_score(const labelled_text& row, double score);

/// Every row's score, in their order; a row without a channel comes by `channel`. Throws std::runtime_error
/// where a score is no number.
std::vector<judged_row> score_rows(std::span<const labelled_text> rows, const text_scorer& score,
                                   checks::text_channel channel);

std::vector<outcome> outcomes(std::span<const judged_row> rows);

/// The rows by their value of a trait.
std::map<std::string, std::vector<outcome>> slices(std::span<const judged_row> rows, row_trait trait);

} // namespace guardrails::train
