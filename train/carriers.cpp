// Reads documents, and refuses those without a place for a payload.
#include "train/carriers.hpp"

#include "train/row_files.hpp"

namespace guardrails::train {

std::vector<std::string> read_carriers(std::span<const std::filesystem::path> files) {
  std::vector<std::string> carriers;
  read_rows(files, [&](std::string_view line, const row_place&) {
    const auto row = parse_row(line);
    const auto* text = string_in(row, "text");
    if (text == nullptr || text->find(payload_place) == boost::json::string::npos)
      throw row_error{"the carrier has no {payload}"};
    carriers.emplace_back(text->data(), text->size());
  });
  return carriers;
}

} // namespace guardrails::train
