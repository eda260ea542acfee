// Server-sent events (WHATWG HTML, section 9.2.6) out of bytes that come in pieces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::llm {

/// Reads one stream. What it keeps between pieces is the event that is not over yet, at most `longest_event`
/// bytes of it; a byte is looked at a bounded number of times, however the stream is cut.
class event_stream {
public:
  static constexpr std::size_t longest_event = 1u << 20;

  /// Takes the next bytes, cut anywhere, and hands the data of every event that they complete to
  /// `sink(std::string_view)`. An event's name, id and retry time are not kept: no provider's meaning hangs
  /// on them. False once an event is longer than `longest_event`: the stream is then over.
  template <class Sink>
  bool feed(std::string_view bytes, Sink&& sink) {
    while (!failed_ && !bytes.empty()) {
      if (!take_line(bytes))
        continue;
      if (end_line()) {
        sink(std::string_view{data_});
        data_.clear();
      }
    }
    return !failed_;
  }

private:
  bool take_line(std::string_view& bytes);
  bool end_line();

  std::string line_;
  std::string data_;
  bool has_data_ = false;        // also when it is empty
  bool after_return_ = false;    // a line feed that comes now belongs to the carriage return before it
  bool past_first_line_ = false; // which may begin with a byte order mark
  bool failed_ = false;
};

} // namespace guardrails::llm
