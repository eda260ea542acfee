// Folders become their files.
#include "train/row_files.hpp"

namespace guardrails::train {

std::vector<std::filesystem::path> row_files(std::span<const std::string> named) {
  std::vector<std::filesystem::path> files;
  for (const auto& name : named)
    for (auto& file : data_files(name))
      files.push_back(std::move(file));
  return files;
}

std::string to_string(const row_place& place) {
  return place.file.string() + ", row " + std::to_string(place.number);
}

} // namespace guardrails::train
