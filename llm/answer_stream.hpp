// An answer that comes as a stream: bytes in, text and at last the completion out.
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

/// Reads the body of one answer with a 2xx status; what it means is a provider's own. The first choice's text
/// is handed out in whole characters (JSON that cuts one is refused); calls of tools and further choices are
/// kept until the end.
class answer_stream {
public:
  /// `config` and `sent` must outlive the stream: error texts must not quote them.
  answer_stream(const llm_config& config, std::span<const chat_message> sent, std::uint32_t status)
    : config_{config}
    , sent_{sent}
    , status_{status} {}

  virtual ~answer_stream() = default;
  answer_stream(const answer_stream&) = delete;
  answer_stream& operator=(const answer_stream&) = delete;

  /// Takes the next bytes, cut anywhere, and appends what the model said to `text`. An error ends the stream;
  /// its kind is `provider_error`, `invalid_json`, `broken_stream`, `content_filter` or `too_large` (also:
  /// too many choices or calls).
  std::optional<generation_error> feed(std::string_view bytes, std::string& text);

  /// After the last byte: what is known beside the text, which stays empty. The error kinds are those of
  /// feed(), `no_content` (neither text nor a call of a tool came), and `cut_off` (the stream ended before it
  /// said that it would).
  std::variant<completion, generation_error> finish();

  /// Whether the provider said that this was all.
  bool done() const noexcept { return done_; }

protected:
  /// Takes bytes apart; server-sent events unless a provider does it otherwise.
  virtual void read(std::string_view bytes, std::string& text);

  /// Takes the data of one event; JSON unless a provider has other things to say.
  virtual void take_event(std::string_view data, std::string& text);

  virtual void take_value(const boost::json::value& value, std::string& text) = 0;

  /// Whether anything more is to be looked at.
  bool is_over() const noexcept { return done_ || problem_.has_value(); }

  void end() noexcept { done_ = true; }
  void fail(std::string kind, std::string message);
  /// An error that the provider tells of within the stream, which has `status` where it is told at once.
  void fail_as(std::uint32_t status, std::string_view said);
  /// Text came, empty as it may be.
  void said_something() noexcept { said_something_ = true; }

  completion& known() noexcept { return known_; }
  std::uint32_t status() const noexcept { return status_; }

private:
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
