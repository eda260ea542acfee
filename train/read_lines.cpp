// zlib reads both kinds of file alike.
#include "train/read_lines.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace guardrails::train {

namespace {

std::string read_all(const std::filesystem::path& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> opened{::gzopen(file.c_str(), "rb"), ::gzclose};
  const auto problem = std::runtime_error{"cannot read " + file.string()};
  if (!opened || std::filesystem::is_directory(file))
    throw problem;
  std::string text;
  std::array<char, 1 << 16> part{};
  for (;;) {
    const auto count = ::gzread(opened.get(), part.data(), part.size());
    if (count < 0)
      throw problem;
    if (count == 0)
      break;
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  auto code = Z_OK;
  ::gzerror(opened.get(), &code); // a file cut short ends like any other
  if (code != Z_OK)
    throw problem;
  return text;
}

bool holds_rows(const std::filesystem::path& file) {
  const auto name = file.filename().string();
  return name.ends_with(".jsonl") || name.ends_with(".jsonl.gz");
}

} // namespace

std::vector<std::string> read_lines(const std::filesystem::path& file) {
  const auto text = read_all(file);
  std::vector<std::string> lines;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (end > 0)
      lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

std::vector<std::filesystem::path> data_files(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path))
    return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{path})
    if (entry.is_regular_file() && holds_rows(entry.path()))
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

} // namespace guardrails::train
