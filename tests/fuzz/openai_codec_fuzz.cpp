// Fuzzes the decoder with any status and any bytes, and checks what it promises about its answer.
#include "llm/chat_codec.hpp"
#include "json/document_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace guardrails;

void check(const generation_error& error, std::string_view key, std::string_view prompt) {
  if (error.kind.empty() || error.message.empty() || error.message.size() > 1000 ||
      error.message.find(key) != std::string::npos || error.message.find(prompt) != std::string::npos)
    std::abort();
  for (const char c : error.message)
    if (static_cast<unsigned char>(c) < 0x20)
      std::abort();
}

/// Any bytes as a tool's arguments: what is read out of them can be put back, and nothing else is.
void check_document(std::string_view text) {
  const auto document = json::document_text::read(text);
  if (!document)
    return;
  document->rewritten([&](std::string_view piece, std::size_t offset) {
    if (document->text().compare(offset, piece.size(), piece) != 0)
      std::abort();
    return std::string{piece};
  });
  const auto masked = document->rewritten([](std::string_view, std::size_t) { return std::string{"x"}; });
  if (masked && !json::document_text::read(*masked))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view key = "sk-key";
  if (size < 2)
    return 0;
  llm_config config;
  config.engine = llm_engine::openai;
  config.api_key = secret{std::string{key}};
  // Half of the inputs are successes: that is where most of the decoder is.
  const std::uint32_t status = data[0] < 128 ? 200 : data[0] * 256u + data[1];
  const std::string_view body{reinterpret_cast<const char*>(data) + 2, size - 2};
  const std::vector<chat_message> sent{{"user", "my pin is 4711"}};
  const auto result = llm::decode_openai(config, sent, status, body);
  if (const auto* error = std::get_if<generation_error>(&result))
    check(*error, key, sent.front().content);
  else
    llm::estimate_tokens(std::get<llm::completion>(result).text);
  check_document(body);
  if (llm::estimate_tokens(body) > 4 * body.size())
    std::abort();
  return 0;
}
