// One line after the other.
#include "train/labelled_rows.hpp"

#include "train/row_files.hpp"

#include <guardrails/utf8.hpp>

namespace guardrails::train {

namespace {

void name_source(labelled_text& row, const row_place& here) {
  if (!row.source.empty())
    return;
  auto name = here.file.filename();
  for (const auto* ending : {".gz", ".jsonl"})
    if (name.extension() == ending)
      name = name.stem();
  row.source = well_formed(name.string());
}

} // namespace

std::vector<labelled_text> labelled_rows(std::span<const std::filesystem::path> files, row_label label) {
  std::vector<labelled_text> rows;
  read_rows(files, [&](std::string_view line, const row_place& here) {
    name_source(rows.emplace_back(read_labelled(line, label)), here);
  });
  return rows;
}

std::vector<labelled_text> answered_rows(std::span<const std::filesystem::path> files) {
  std::vector<labelled_text> rows;
  read_rows(files, [&](std::string_view line, const row_place& here) {
    if (auto row = read_answered(line))
      name_source(rows.emplace_back(*std::move(row)), here);
  });
  return rows;
}

std::vector<scored_text> scored_rows(std::span<const std::filesystem::path> files, std::string_view head,
                                     row_label label) {
  std::vector<scored_text> rows;
  read_rows(files, [&](std::string_view line, const row_place& here) {
    name_source(rows.emplace_back(read_scored(line, head, label)).row, here);
  });
  return rows;
}

} // namespace guardrails::train
