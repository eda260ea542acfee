// Lets gzip, which is part of every system, unpack.
#include "tests/conformance/gzip_lines.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace guardrails::conformance {

namespace {

std::string quoted(const std::string& path) {
  std::string result = "'";
  for (const auto c : path)
    result += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return result + '\'';
}

} // namespace

std::vector<std::string> gzip_lines(const std::filesystem::path& file) {
  const auto command = "gzip -dc -- " + quoted(file.string());
  auto* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr)
    throw std::runtime_error{"cannot run gzip"};
  std::string content;
  std::array<char, 65'536> chunk{};
  for (std::size_t n = 0; (n = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;)
    content.append(chunk.data(), n);
  if (::pclose(pipe) != 0)
    throw std::runtime_error{"cannot unpack " + file.string()};
  std::vector<std::string> lines;
  std::istringstream in{content};
  for (std::string line; std::getline(in, line);)
    lines.push_back(std::move(line));
  return lines;
}

} // namespace guardrails::conformance
