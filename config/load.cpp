// Loading a configuration from text or from a file.
#include "config/section_reader.hpp"
#include "config/yaml_reader.hpp"

#include <guardrails/rails_config.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>

namespace guardrails {

namespace {

std::optional<std::string> process_environment(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

rails_config load(std::string_view yaml, std::string source, const rails_config::environment& env) {
  const config::document in{std::move(source), env ? env : process_environment};
  auto config = config::read_config(config::read_yaml(yaml, in.source), in);
  config.source = yaml;
  return config;
}

[[noreturn]] void refuse(const std::string& source, const std::string& why) {
  throw config_error{{source, 0, 0}, {}, "cannot be read: " + why + "; expected a readable file"};
}

/// Reads one byte more than is allowed at most, so that the parser sees that a text is too long.
std::string read_file(const std::filesystem::path& path) {
  const auto source = path.string();
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown))
    refuse(source, "it is a directory");
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file)
    refuse(source, std::strerror(errno));
  std::string text(config::document_limits::bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad())
    refuse(source, std::strerror(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

} // namespace

rails_config rails_config::from_content(std::string_view yaml, const environment& env) {
  return load(yaml, "<content>", env);
}

rails_config rails_config::from_file(const std::filesystem::path& path, const environment& env) {
  return load(read_file(path), path.string(), env);
}

} // namespace guardrails
