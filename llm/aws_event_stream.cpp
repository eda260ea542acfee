// A message: its length, its headers' length, a checksum of both, headers, payload, a checksum of all of it;
// numbers are big-endian.
#include "llm/aws_event_stream.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <utility>

namespace guardrails::llm {

namespace {

constexpr std::size_t prelude_size = 12;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t least_size = prelude_size + checksum_size;

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t width = 4) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < width; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::uint32_t checksum(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

/// Reads the headers of one message, one after the other.
class header_reader {
public:
  explicit header_reader(std::string_view bytes)
    : rest_{bytes} {}

  bool at_end() const noexcept { return rest_.empty(); }

  /// False: the bytes are no header. Values that are no texts are passed over, as empty ones.
  bool read(std::string_view& name, std::string_view& value) {
    const auto name_size = take_number(1);
    if (!name_size || !take(*name_size, name))
      return false;
    const auto type = take_number(1);
    if (!type)
      return false;
    const auto size = size_of(*type);
    std::string_view bytes;
    if (!size || !take(*size, bytes))
      return false;
    value = *type == text_type ? bytes : std::string_view{};
    return true;
  }

private:
  static constexpr std::uint32_t text_type = 7;

  std::optional<std::size_t> size_of(std::uint32_t type) {
    switch (type) {
    case 0: // true
    case 1: // false
      return 0;
    case 2: // byte
      return 1;
    case 3: // short
      return 2;
    case 4: // integer
      return 4;
    case 5: // long
    case 8: // time
      return 8;
    case 6: // bytes
    case text_type:
      return take_number(2);
    case 9: // UUID
      return 16;
    default:
      return std::nullopt;
    }
  }

  std::optional<std::uint32_t> take_number(std::size_t width) {
    std::string_view bytes;
    if (!take(width, bytes))
      return std::nullopt;
    return number_at(bytes, 0, width);
  }

  bool take(std::size_t size, std::string_view& to) {
    if (rest_.size() < size)
      return false;
    to = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
};

std::optional<aws_event> read_message(std::string_view message) {
  const std::size_t headers_size = number_at(message, 4);
  if (headers_size > message.size() - least_size ||
      checksum(message.substr(0, message.size() - checksum_size)) !=
        number_at(message, message.size() - checksum_size))
    return std::nullopt;
  aws_event event;
  header_reader headers{message.substr(prelude_size, headers_size)};
  while (!headers.at_end()) {
    std::string_view name;
    std::string_view value;
    if (!headers.read(name, value))
      return std::nullopt;
    if (name == ":event-type" || name == ":exception-type" || name == ":error-code")
      event.name = value;
    else if (name == ":message-type")
      event.thrown = value != "event";
  }
  event.payload = message.substr(prelude_size + headers_size, message.size() - least_size - headers_size);
  return event;
}

void append_number(std::string& out, std::size_t number, std::size_t width) {
  for (std::size_t i = width; i-- > 0;)
    out += static_cast<char>(number >> (8 * i) & 0xFF);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  append_number(out, name.size(), 1);
  out += name;
  append_number(out, 7, 1);
  append_number(out, value.size(), 2);
  out += value;
}

} // namespace

// True when a message is whole; takes what it looked at off the front of `bytes`.
bool aws_event_stream::take(std::string_view& bytes) {
  if (std::exchange(is_whole_, false))
    message_.clear();
  const auto take_until = [&](std::size_t size) {
    const auto taken = bytes.substr(0, size - std::min(size, message_.size()));
    message_ += taken;
    bytes.remove_prefix(taken.size());
    return message_.size() >= size;
  };
  if (!take_until(prelude_size))
    return false;
  const std::size_t size = number_at(message_, 0);
  if (size < least_size || checksum(std::string_view{message_}.substr(0, 8)) != number_at(message_, 8))
    result_ = frame_result::broken;
  else if (size > longest_message)
    result_ = frame_result::too_long;
  else
    is_whole_ = take_until(size);
  return is_whole_;
}

std::optional<aws_event> aws_event_stream::end_message() {
  auto event = read_message(message_);
  if (!event)
    result_ = frame_result::broken;
  return event;
}

std::string encode_aws_event(std::string_view name, std::string_view payload, bool thrown) {
  std::string headers;
  append_header(headers, thrown ? ":exception-type" : ":event-type", name);
  append_header(headers, ":content-type", "application/json");
  append_header(headers, ":message-type", thrown ? "exception" : "event");
  std::string message;
  append_number(message, least_size + headers.size() + payload.size(), 4);
  append_number(message, headers.size(), 4);
  append_number(message, checksum(message), 4);
  message.append(headers).append(payload);
  append_number(message, checksum(message), 4);
  return message;
}

} // namespace guardrails::llm
