// Any bytes as the body of a streamed answer: what it says does not depend on how it is cut, is valid UTF-8,
// and errors quote neither key nor prompt.
#include "llm/openai_stream.hpp"

#include <guardrails/utf8.hpp>

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
  llm::openai_stream stream{config, sent, 200};
  reading got;
  for (std::size_t at = 0; at < body.size(); at += piece)
    if (stream.feed(body.substr(at, piece), got.text))
      break;
  got.end = stream.finish();
  return got;
}

void expect(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  llm_config config;
  config.engine = llm_engine::openai;
  config.api_key = secret{"sk-key"};
  const std::vector<chat_message> sent{{"user", "my pin is 4711"}};
  const std::string_view body{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = read(config, sent, body, body.size() + 1);
  const auto cut = read(config, sent, body, 1 + data[0] % 16U);
  expect(whole.text == cut.text && whole.end.index() == cut.end.index());
  expect(find_invalid_utf8(whole.text) == std::string_view::npos);
  if (const auto* error = std::get_if<generation_error>(&whole.end))
    expect(error->message.find("sk-key") == error->message.npos &&
           error->message.find("4711") == error->message.npos);
  return 0;
}
