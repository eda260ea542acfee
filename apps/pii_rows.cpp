// Reads rows and says in which line one is wrong.
#include "apps/pii_rows.hpp"

#include "train/read_lines.hpp"

namespace guardrails::apps {

namespace {

template <class Row>
std::vector<Row> read_rows(const std::vector<std::filesystem::path>& files, Row (*read)(std::string_view)) {
  std::vector<Row> rows;
  for (const auto& file : files) {
    std::size_t number = 0;
    for (const auto& line : train::read_lines(file)) {
      ++number;
      try {
        rows.push_back(read(line));
      } catch (const train::row_error& error) {
        throw train::row_error{file.string() + ", row " + std::to_string(number) + ": " + error.what()};
      }
    }
  }
  return rows;
}

} // namespace

std::vector<std::filesystem::path> row_files(const std::vector<std::string>& named) {
  std::vector<std::filesystem::path> files;
  for (const auto& name : named)
    for (auto& file : train::data_files(name))
      files.push_back(std::move(file));
  return files;
}

std::vector<train::annotated_text> annotated_rows(const std::vector<std::filesystem::path>& files) {
  return read_rows(files, &train::read_annotated);
}

std::vector<std::string> plain_rows(const std::vector<std::filesystem::path>& files) {
  return read_rows(files, &train::read_text);
}

} // namespace guardrails::apps
