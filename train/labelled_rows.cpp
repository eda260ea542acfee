// One line after the other.
#include "train/labelled_rows.hpp"

#include "checks/utf8.hpp"
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

std::size_t byte_of(std::string_view text, std::size_t code_points) {
  std::size_t at = 0;
  for (; code_points > 0 && at < text.size(); --code_points)
    at += checks::decode_at(text, at).length;
  if (code_points > 0)
    throw row_error{"the text ends before the part that its label is about"};
  return at;
}

// Leaves the part in the row.
labelled_text take_rest(labelled_text& row) {
  const auto begin = byte_of(row.text, row.part->begin);
  const auto end = byte_of(row.text, row.part->end);
  auto rest = row;
  rest.positive = false;
  rest.label.clear();
  rest.text = row.text.substr(0, begin).append("\n").append(row.text, end);
  row.text = row.text.substr(begin, end - begin);
  rest.part.reset();
  row.part.reset();
  return rest;
}

} // namespace

std::vector<labelled_text> labelled_rows(std::span<const std::filesystem::path> files, row_label label) {
  std::vector<labelled_text> rows;
  read_rows(files, [&](std::string_view line, const row_place& here) {
    name_source(rows.emplace_back(read_labelled(line, label)), here);
  });
  return rows;
}

std::vector<labelled_text> answered_rows(std::span<const std::filesystem::path> files,
                                         const separate_labels& labels, unnamed_rows unnamed) {
  std::vector<labelled_text> rows;
  read_rows(files, [&](std::string_view line, const row_place& here) {
    auto row = read_answered(line, labels);
    if (!row || (unnamed == unnamed_rows::skip && !row->separately_labelled))
      return;
    name_source(*row, here);
    if (row->part)
      rows.push_back(take_rest(*row));
    rows.push_back(*std::move(row));
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
