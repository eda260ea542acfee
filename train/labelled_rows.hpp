// Labelled rows from files.
#pragma once

#include "train/labelled_text.hpp"

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// Every row of the files (see row_files()). A row without a `source` has its file's name without `.jsonl`,
/// `.jsonl.gz`. Throws row_error naming file and row, std::runtime_error where a file cannot be read.
std::vector<labelled_text> labelled_rows(std::span<const std::filesystem::path> files,
                                         row_label label = row_label::given);

/// The same without the rows that leave the question open (see read_answered()).
std::vector<labelled_text> answered_rows(std::span<const std::filesystem::path> files);

/// The same of rows that `head` of some model has scored already.
std::vector<scored_text> scored_rows(std::span<const std::filesystem::path> files, std::string_view head,
                                     row_label label = row_label::given);

} // namespace guardrails::train
