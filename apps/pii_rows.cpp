// Reads rows and says in which line one is wrong.
#include "apps/pii_rows.hpp"

#include "apps/terminal_text.hpp"
#include "train/row_files.hpp"

#include <map>

namespace guardrails::apps {

namespace {

/// Where an entity that nothing knows stands first, and how often it does.
struct unknown_entity {
  std::string first; ///< `FILE, row N`
  std::size_t spans = 0;
};

std::string warning_of(const std::string& name, const unknown_entity& unknown) {
  std::string text{unknown.first};
  text.append(": the entity `").append(name).append("` is not known; its words count as outside of any (");
  return printable(
    text.append(std::to_string(unknown.spans)).append(unknown.spans == 1 ? " span)" : " spans)"));
}

} // namespace

annotated_data annotated_rows(const std::vector<std::filesystem::path>& files) {
  annotated_data data;
  std::map<std::string, unknown_entity> unknown;
  train::read_rows(files, [&](std::string_view line, const train::row_place& here) {
    auto row = train::read_annotated(line);
    for (const auto& span : row.spans)
      if (!train::is_known_entity(span.entity))
        ++unknown.try_emplace(span.entity, unknown_entity{to_string(here), 0}).first->second.spans;
    data.rows.push_back(std::move(row));
  });
  for (const auto& [name, found] : unknown)
    data.warnings.push_back(warning_of(name, found));
  return data;
}

std::vector<std::string> plain_rows(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> rows;
  train::read_rows(
    files, [&](std::string_view line, const train::row_place&) { rows.push_back(train::read_text(line)); });
  return rows;
}

} // namespace guardrails::apps
