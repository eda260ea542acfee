// Reads the vocabulary file.
#include "actors/vocabulary.hpp"

#include "llm/vocabulary_file.hpp"

#include <guardrails/errors.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

namespace guardrails::actors {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw config_error{{path, 0, 0},
                     "guardrails.token_budget.vocabulary",
                     "cannot be read: " + why + "; expected a readable file"};
}

/// Reads one byte more than is allowed at most, so that the parser sees that a file is too long.
std::string read_file(const std::string& path) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown))
    refuse(path, "it is a directory");
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file)
    refuse(path, std::strerror(errno));
  std::string content;
  for (std::string block(1 << 20, '\0'); file && content.size() <= llm::longest_vocabulary;) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    content.append(block, 0, static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad())
    refuse(path, std::strerror(errno));
  return content;
}

} // namespace

llm::token_counter load_token_counter(const token_budget_config& config) {
  if (config.vocabulary.empty())
    return {};
  return llm::token_counter{
    llm::read_vocabulary(read_file(config.vocabulary), config.vocabulary, config.pretokenizer)};
}

} // namespace guardrails::actors
