// The lines of a file, packed with gzip or not.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace guardrails::train {

/// Without line ends and empty lines. Throws std::runtime_error naming a file that cannot be read.
std::vector<std::string> read_lines(const std::filesystem::path& file);

/// `path` itself, or where it is a folder, every .jsonl and .jsonl.gz within it, in order of their names.
std::vector<std::filesystem::path> data_files(const std::filesystem::path& path);

} // namespace guardrails::train
