// Cuts the bytes into lines, and puts data lines together.
#include "llm/event_stream.hpp"

#include <utility>

namespace guardrails::llm {

// True when the line is whole; takes what it looked at off the front of `bytes`.
bool event_stream::take_line(std::string_view& bytes) {
  if (std::exchange(after_return_, false) && bytes.front() == '\n') {
    bytes.remove_prefix(1);
    return false;
  }
  const auto end = bytes.find_first_of("\r\n");
  const auto taken = bytes.substr(0, end);
  if (taken.size() > longest_event - line_.size()) {
    failed_ = true;
    return false;
  }
  line_ += taken;
  if (end == bytes.npos) {
    bytes = {};
    return false;
  }
  after_return_ = bytes[end] == '\r';
  bytes.remove_prefix(end + 1);
  return true;
}

// True when the line is the empty one after an event.
bool event_stream::end_line() {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  const auto whole = std::exchange(line_, {});
  std::string_view line = whole;
  if (!std::exchange(past_first_line_, true) && line.starts_with(mark))
    line.remove_prefix(mark.size());
  if (line.empty())
    return std::exchange(has_data_, false);
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  if (field == "data") {
    auto value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' '))
      value.remove_prefix(1);
    if (value.size() >= longest_event - data_.size())
      failed_ = true;
    else
      data_.append(std::exchange(has_data_, true) ? "\n" : "").append(value);
  }
  return false;
}

} // namespace guardrails::llm
