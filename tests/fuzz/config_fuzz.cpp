// Any bytes at all are a configuration or a config_error, never anything else.
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

std::optional<std::string> fixed_environment(const std::string& name) {
  if (name == "A")
    return "true";
  if (name == "B")
    return "\"]: \n- \xff";
  return std::nullopt;
}

/// What loads can be written, and what is written loads again as the same (the one secret aside, which is
/// redacted).
void write_and_read_again(const guardrails::rails_config& config) {
  const auto version = config.version();
  const auto yaml = config.to_yaml();
  if (config.llm && !config.llm->api_key.empty())
    return;
  if (guardrails::rails_config::from_content(yaml).version() != version)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  std::optional<guardrails::rails_config> config;
  try {
    config = guardrails::rails_config::from_content(text, fixed_environment);
  } catch (const guardrails::config_error&) {
    return 0;
  }
  write_and_read_again(*config);
  return 0;
}
