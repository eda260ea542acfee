// What a load test asks of a stream of server-sent events: when content came, and whether it ended properly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::load {

/// Reads the events of one streamed completion in whatever pieces they come, in bounded memory. Lines end in
/// LF or CR LF, and each `data:` line is an event of its own, as in OpenAI's streams.
class stream_watch {
public:
  void feed(std::string_view piece);

  /// An event carried a part of the answer: text or a tool call, not only a role.
  bool has_content() const noexcept { return contents_ > 0; }

  /// How many events did.
  std::uint64_t contents() const noexcept { return contents_; }

  /// The last complete event is `[DONE]`.
  bool is_done() const noexcept { return done_; }

private:
  void keep(std::string_view part);
  void end_line();

  std::string line_;
  bool too_long_ = false;
  std::uint64_t contents_ = 0;
  bool last_is_done_ = false;
  bool done_ = false;
};

} // namespace guardrails::load
