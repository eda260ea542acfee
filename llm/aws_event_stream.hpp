// Amazon's binary event stream (application/vnd.amazon.eventstream): messages with headers and checksums, out
// of bytes that come in pieces, and into bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::llm {

struct aws_event {
  std::string name;         ///< of the event, the exception or the error
  bool thrown = false;      ///< it is an exception or an error
  std::string_view payload; ///< lives as long as what is handed out
};

enum class frame_result : std::uint8_t { well, too_long, broken };

/// Reads one stream. What it keeps between pieces is the message that is not over yet, at most
/// `longest_message` bytes of it.
class aws_event_stream {
public:
  static constexpr std::size_t longest_message = 1u << 20;

  /// Takes the next bytes, cut anywhere, and hands every message that they complete to `sink(const
  /// aws_event&)`. Anything but `well` ends the stream.
  template <class Sink>
  frame_result feed(std::string_view bytes, Sink&& sink) {
    while (result_ == frame_result::well && take(bytes))
      if (const auto event = end_message())
        sink(*event);
    return result_;
  }

private:
  bool take(std::string_view& bytes);
  std::optional<aws_event> end_message();

  std::string message_;
  bool is_whole_ = false;
  frame_result result_ = frame_result::well;
};

/// A message with a JSON payload.
std::string encode_aws_event(std::string_view name, std::string_view payload, bool thrown = false);

} // namespace guardrails::llm
