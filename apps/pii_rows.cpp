// Reads rows and says in which line one is wrong.
#include "apps/pii_rows.hpp"

#include "apps/terminal_text.hpp"
#include "train/read_lines.hpp"

#include <map>

namespace guardrails::apps {

namespace {

using place = std::string; // `FILE, row N`

template <class Row, class Take>
void read_rows(const std::vector<std::filesystem::path>& files, Row (*read)(std::string_view), Take&& take) {
  for (const auto& file : files) {
    std::size_t number = 0;
    for (const auto& line : train::read_lines(file)) {
      const place here = file.string() + ", row " + std::to_string(++number);
      try {
        take(read(line), here);
      } catch (const train::row_error& error) {
        throw train::row_error{here + ": " + error.what()};
      }
    }
  }
}

/// Where an entity that nothing knows stands first, and how often it does.
struct unknown_entity {
  place first;
  std::size_t spans = 0;
};

std::string warning_of(const std::string& name, const unknown_entity& unknown) {
  std::string text{unknown.first};
  text.append(": the entity `").append(name).append("` is not known; its words count as outside of any (");
  return printable(
    text.append(std::to_string(unknown.spans)).append(unknown.spans == 1 ? " span)" : " spans)"));
}

} // namespace

std::vector<std::filesystem::path> row_files(const std::vector<std::string>& named) {
  std::vector<std::filesystem::path> files;
  for (const auto& name : named)
    for (auto& file : train::data_files(name))
      files.push_back(std::move(file));
  return files;
}

annotated_data annotated_rows(const std::vector<std::filesystem::path>& files) {
  annotated_data data;
  std::map<std::string, unknown_entity> unknown;
  read_rows(files, &train::read_annotated, [&](train::annotated_text row, const place& here) {
    for (const auto& span : row.spans)
      if (!train::is_known_entity(span.entity))
        ++unknown.try_emplace(span.entity, unknown_entity{here, 0}).first->second.spans;
    data.rows.push_back(std::move(row));
  });
  for (const auto& [name, found] : unknown)
    data.warnings.push_back(warning_of(name, found));
  return data;
}

std::vector<std::string> plain_rows(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> rows;
  read_rows(files, &train::read_text, [&](std::string row, const place&) { rows.push_back(std::move(row)); });
  return rows;
}

} // namespace guardrails::apps
