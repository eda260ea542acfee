// Any status and any bytes as a whole answer of any provider: what is read out of it is bounded and valid
// UTF-8, and errors quote neither key nor prompt.
#include "llm/openai_tool_calls.hpp"
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

bool holds(std::string_view text, std::string_view piece) {
  return text.find(piece) != text.npos;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array engines{llm_engine::azure_openai, llm_engine::anthropic, llm_engine::gemini,
                               llm_engine::bedrock};
  if (size < 2)
    return 0;
  llm_config config;
  config.engine = engines[data[0] % engines.size()];
  config.api_key = secret{"sk-key"};
  config.aws_secret_key = secret{"sk-key"};
  const std::vector<chat_message> sent{{"user", "my pin is 471147"}};
  // Most inputs are successes: that is where most of the decoders is.
  const std::uint32_t status = data[1] < 200 ? 200 : data[1] * 2u;
  const std::string_view body{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto result = llm::provider_of(config.engine).decode(config, sent, status, body);
  if (const auto* error = std::get_if<generation_error>(&result)) {
    expect(!error->kind.empty() && !error->message.empty() && error->message.size() < 1500);
    expect(!holds(error->message, "sk-key") && !holds(error->message, "471147"));
    return 0;
  }
  const auto& said = std::get<llm::completion>(result);
  expect(find_invalid_utf8(said.text) == std::string_view::npos);
  expect(said.tool_calls.size() <= llm::most_tool_calls && said.further_choices.size() < llm::most_choices);
  return 0;
}
