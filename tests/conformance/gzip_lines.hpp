// The lines of a gzipped file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace guardrails::conformance {

/// Throws std::runtime_error when the file cannot be read or is no gzip file.
std::vector<std::string> gzip_lines(const std::filesystem::path& file);

} // namespace guardrails::conformance
