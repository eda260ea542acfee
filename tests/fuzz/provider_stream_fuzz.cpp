// Any bytes as the body of any provider's streamed answer: what it says does not depend on how it is cut, is
// valid UTF-8, and errors quote neither key nor prompt.
#include "llm/aws_event_stream.hpp"
#include "llm/provider.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace guardrails;

struct reading {
  std::string text;
  std::variant<llm::completion, generation_error> end;
};

reading read(const llm_config& config, std::span<const chat_message> sent, std::string_view body,
             std::size_t piece) {
  const auto stream = llm::provider_of(config.engine).open(config, sent, 200);
  reading got;
  for (std::size_t at = 0; at < body.size(); at += piece)
    if (stream->feed(body.substr(at, piece), got.text))
      break;
  got.end = stream->finish();
  return got;
}

void expect(bool holds) {
  if (!holds)
    std::abort();
}

/// Lines as messages with checksums that hold, which chance would never find: the first letter chooses the
/// name.
std::string framed(std::string_view lines) {
  constexpr std::array<std::string_view, 7> names{
    "messageStart", "contentBlockStart", "contentBlockDelta",  "contentBlockStop",
    "messageStop",  "metadata",          "throttlingException"};
  std::string out;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (line.empty())
      continue;
    const auto name = static_cast<unsigned char>(line.front()) % names.size();
    out += llm::encode_aws_event(names[name], line.substr(1), name + 1 == names.size());
  }
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array engines{llm_engine::anthropic, llm_engine::gemini, llm_engine::bedrock};
  if (size < 2)
    return 0;
  llm_config config;
  config.engine = engines[data[0] % engines.size()];
  config.api_key = secret{"sk-key"};
  config.aws_secret_key = secret{"sk-key"};
  const std::vector<chat_message> sent{{"user", "my pin is 471147"}};
  const std::string_view given{reinterpret_cast<const char*>(data) + 2, size - 2};
  const bool frames = config.engine == llm_engine::bedrock && data[0] < 192;
  const auto made = frames ? framed(given) : std::string{};
  const auto body = frames ? std::string_view{made} : given;
  const auto whole = read(config, sent, body, body.size() + 1);
  const auto cut = read(config, sent, body, 1 + data[1] % 32U);
  expect(whole.text == cut.text && whole.end.index() == cut.end.index());
  expect(find_invalid_utf8(whole.text) == std::string_view::npos);
  if (const auto* error = std::get_if<generation_error>(&whole.end))
    expect(error->message.find("sk-key") == error->message.npos &&
           error->message.find("471147") == error->message.npos);
  return 0;
}
