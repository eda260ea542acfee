// Precision, recall and F1 of found spans against annotated ones.
#pragma once

#include "train/annotated_text.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// How often spans of one entity were found. Strict: begin, end and entity agree.
struct span_tally {
  std::size_t annotated = 0;
  std::size_t found = 0;
  std::size_t agreeing = 0;    ///< strictly
  std::size_t reached = 0;     ///< annotated spans that some found span of the same entity overlaps
  std::size_t overlapping = 0; ///< found spans that overlap an annotated one of the same entity

  span_tally& operator+=(const span_tally& other) noexcept;

  double precision() const noexcept;
  double recall() const noexcept;
  double f1() const noexcept;
  double overlap_f1() const noexcept;
};

/// Finds entities in a text.
using span_finder = std::function<std::vector<annotated_span>(std::string_view)>;

/// The tallies of the named entities. Spans are compared as unify() leaves them. Annotations AGE, TITLE,
/// PREFIX and ZIP_CODE are ignored: what is found there counts neither way, and does not lengthen a span
/// beside it.
std::map<std::string, span_tally> score_spans(std::span<const annotated_text> rows, const span_finder& find,
                                              std::span<const std::string_view> entities);

} // namespace guardrails::train
