// Labels that are kept apart from their rows: for rows that say nothing themselves, or not for this head.
#pragma once

#include "train/separate_label.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::train {

/// By the `id` of the row.
using separate_labels = std::map<std::string, separate_label, std::less<>>;

/// The labels that the files have for a head, of which each row may have one. Throws row_error naming file
/// and row, std::runtime_error where a file cannot be read.
separate_labels read_separate_labels(std::span<const std::filesystem::path> files, std::string_view head);

} // namespace guardrails::train
