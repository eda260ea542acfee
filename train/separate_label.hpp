// A label that is kept apart from its row, and how it is written.
#pragma once

#include "train/json_row.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::train {

/// The part of a text that a label is about, in code points; the rest of it is harmless.
struct labelled_part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct separate_label {
  bool positive = false;
  std::string label;
  std::optional<labelled_part> part; ///< absent: the whole text
};

struct named_label {
  std::string id;
  std::string head;
  separate_label says;
};

/// Reads one line of JSON: the strings `id` and `head`, `y` (0 or 1), and optionally the string `label` and
/// `part`, two numbers of code points. Throws row_error.
named_label read_separate_label(std::string_view json);

} // namespace guardrails::train
