// Opens and reads files, and says which one could not be read.
#include "apps/read_file.hpp"

#include <filesystem>
#include <iterator>
#include <stdexcept>

namespace guardrails::apps {

std::ifstream open_file(const std::string& path) {
  std::error_code ignored; // a directory opens, and only reading it fails
  std::ifstream file{path, std::ios::binary};
  if (!file || std::filesystem::is_directory(path, ignored))
    throw std::runtime_error{"cannot read " + path};
  return file;
}

std::string read_file(const std::string& path) {
  auto file = open_file(path);
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

} // namespace guardrails::apps
