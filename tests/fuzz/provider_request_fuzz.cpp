// Any options and any extra members of messages, for any provider: a call with a JSON body, or a refusal that
// names what it refuses.
#include "llm/json_reader.hpp"
#include "llm/provider.hpp"

#include <guardrails/utf8.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace guardrails;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array engines{llm_engine::anthropic, llm_engine::gemini, llm_engine::bedrock};
  constexpr std::array roles{"user", "assistant", "tool", "system"};
  if (size < 2)
    return 0;
  const std::string_view given{reinterpret_cast<const char*>(data) + 2, size - 2};
  if (find_invalid_utf8(given) != std::string_view::npos)
    return 0; // is refused before
  llm_config config;
  config.engine = engines[data[0] % engines.size()];
  config.model = "a/b:c";
  config.base_url = "http://h";
  const auto half = given.find('\n');
  const std::string options{given.substr(0, half)};
  const std::string extra{half == given.npos ? std::string_view{} : given.substr(half + 1)};
  const std::vector<chat_message> sent{
    {"user", "hello"},
    {"assistant", "", R"({"tool_calls":[{"id":"a","function":{"name":"f"}}]})"},
    {roles[data[1] % roles.size()], "text", extra}};
  const auto made =
    llm::provider_of(config.engine).encode({config, sent, options, llm::answer_form::whole, {}});
  if (const auto* refusal = std::get_if<generation_error>(&made)) {
    expect(refusal->kind == "invalid_request" && refusal->message.find(':') != std::string::npos &&
           refusal->message.size() < 300);
    return 0;
  }
  boost::json::error_code problem;
  boost::json::parse_options deep;
  deep.max_depth = 64;
  boost::json::parse(std::get<llm::http_call>(made).body, problem, {}, deep);
  expect(!problem);
  return 0;
}
