// Labelled rows from files.
#pragma once

#include "train/labelled_text.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// Every row of the files (see row_files()). A row without a `source` has its file's name without `.jsonl`,
/// `.jsonl.gz`. Throws row_error naming file and row, std::runtime_error where a file cannot be read.
std::vector<labelled_text> labelled_rows(std::span<const std::filesystem::path> files,
                                         row_label label = row_label::given);

/// What becomes of rows that separate labels say nothing about.
enum class unnamed_rows : std::uint8_t { keep, skip };

/// The same without the rows that leave the question open (see read_answered()). A row whose label is about a
/// part of it becomes two: that part, and a negative one of the rest. Throws row_error also for a part that
/// its text does not have.
std::vector<labelled_text> answered_rows(std::span<const std::filesystem::path> files,
                                         const separate_labels& labels = {},
                                         unnamed_rows unnamed = unnamed_rows::keep);

/// The same of rows that `head` of some model has scored already.
std::vector<scored_text> scored_rows(std::span<const std::filesystem::path> files, std::string_view head,
                                     row_label label = row_label::given);

} // namespace guardrails::train
