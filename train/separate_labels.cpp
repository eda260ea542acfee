// One line after the other.
#include "train/separate_labels.hpp"

#include "train/row_files.hpp"

#include <utility>

namespace guardrails::train {

separate_labels read_separate_labels(std::span<const std::filesystem::path> files, std::string_view head) {
  separate_labels labels;
  read_rows(files, [&](std::string_view line, const row_place&) {
    auto read = read_separate_label(line);
    if (read.head == head && !labels.emplace(std::move(read.id), std::move(read.says)).second)
      throw row_error{"the row has a label already"};
  });
  return labels;
}

} // namespace guardrails::train
