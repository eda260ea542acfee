// Annotated rows from files.
#pragma once

#include "train/annotated_text.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace guardrails::apps {

struct annotated_data {
  std::vector<train::annotated_text> rows;
  std::vector<std::string> warnings; ///< one for each entity that nothing knows, fit for a terminal
};

/// Throws train::row_error naming file and line, std::runtime_error where a file cannot be read.
annotated_data annotated_rows(const std::vector<std::filesystem::path>& files);
std::vector<std::string> plain_rows(const std::vector<std::filesystem::path>& files);

} // namespace guardrails::apps
