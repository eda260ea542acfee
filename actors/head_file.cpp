// Reads the file of heads.
#include "actors/head_file.hpp"

#include <guardrails/errors.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace guardrails::actors {

namespace models = checks::models;

namespace {

constexpr std::uintmax_t longest_file = 16U << 20;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw config_error{
    {path, 0, 0}, "guardrails.heads", why + "; expected a file that `guardrails train` wrote"};
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed)
    refuse(path, "cannot be read: " + failed.message());
  if (size > longest_file)
    refuse(path, "is too long");
  std::ifstream file{path, std::ios::binary};
  std::vector<std::uint8_t> bytes(size);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    refuse(path, "cannot be read");
  return bytes;
}

} // namespace

models::head_model load_heads(const guardrails_config& config) {
  const auto& embedded = models::embedded_heads();
  if (config.heads.empty())
    return embedded;
  const auto bytes = read_file(config.heads);
  try {
    return models::head_model::keeping(
      models::write(models::replace_heads(embedded.contents(), models::head_model{bytes}.contents())));
  } catch (const models::model_error& error) {
    refuse(config.heads, error.what());
  }
}

} // namespace guardrails::actors
