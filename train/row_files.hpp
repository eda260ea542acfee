// Files of rows, and the place of a row that cannot be used.
#pragma once

#include "train/json_row.hpp"
#include "train/read_lines.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace guardrails::train {

/// Files and folders of rows as a command line names them, every file by itself.
std::vector<std::filesystem::path> row_files(std::span<const std::string> named);

struct row_place {
  const std::filesystem::path& file;
  std::size_t number; ///< from 1; empty lines are none
};

/// `FILE, row N`.
std::string to_string(const row_place& place);

/// Calls `read(line, place)` for every row. A row_error it throws is thrown on with its place before it;
/// std::runtime_error where a file cannot be read.
template <class Read>
void read_rows(std::span<const std::filesystem::path> files, Read&& read) {
  for (const auto& file : files) {
    row_place here{file, 0};
    for (const auto& line : read_lines(file)) {
      ++here.number;
      try {
        read(std::string_view{line}, here);
      } catch (const row_error& error) {
        throw row_error{to_string(here) + ": " + error.what()};
      }
    }
  }
}

} // namespace guardrails::train
