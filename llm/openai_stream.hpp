// An answer that comes as a stream of chat completion chunks: bytes in, text and at last the completion out.
#pragma once

#include "llm/chat_codec.hpp"
#include "llm/event_stream.hpp"

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace guardrails::llm {

/// Reads the body of one answer with a 2xx status (decode_openai() reads the others). The first choice's text
/// is handed out in whole characters (JSON that cuts one is refused); calls of tools and further choices are
/// kept until the end.
class openai_stream {
public:
  /// `config` and `sent` must outlive the stream: error texts must not quote them.
  openai_stream(const llm_config& config, std::span<const chat_message> sent, std::uint32_t status)
    : config_{config}
    , sent_{sent}
    , status_{status} {}

  /// Takes the next bytes, cut anywhere, and appends what the model said to `text`. An error ends the stream;
  /// its kind is `provider_error`, `invalid_json` or `too_large` (also: too many choices or calls).
  std::optional<generation_error> feed(std::string_view bytes, std::string& text);

  /// After the last byte: what is known beside the text, which stays empty. The error kinds are those of
  /// feed(), `no_content` (neither text nor a call of a tool came), and `cut_off` (the stream ended before it
  /// said that it would).
  std::variant<completion, generation_error> finish();

  /// Whether the provider said that this was all.
  bool done() const noexcept { return done_; }

private:
  void take(std::string_view data, std::string& text);
  void take_chunk(const boost::json::value& chunk, std::string& text);
  void take_choice(const boost::json::value& choice, std::string& text);
  void fail(std::string kind, std::string message);

  const llm_config& config_;
  std::span<const chat_message> sent_;
  std::uint32_t status_;
  event_stream events_;
  completion known_;
  std::optional<generation_error> problem_;
  bool said_something_ = false;
  bool done_ = false;
};

} // namespace guardrails::llm
