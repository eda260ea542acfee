// Labels that are kept apart from their rows: for rows that say nothing themselves, or not for this head.
#pragma once

#include "train/json_row.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
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

/// By the `id` of the row.
using separate_labels = std::map<std::string, separate_label, std::less<>>;

struct named_label {
  std::string id;
  std::string head;
  separate_label says;
};

/// Reads one line of JSON: the strings `id` and `head`, `y` (0 or 1), and optionally the string `label` and
/// `part`, two numbers of code points. Throws row_error.
named_label read_separate_label(std::string_view json);

/// The labels that the files have for a head, of which each row may have one. Throws row_error naming file
/// and row, std::runtime_error where a file cannot be read.
separate_labels read_separate_labels(std::span<const std::filesystem::path> files, std::string_view head);

} // namespace guardrails::train
