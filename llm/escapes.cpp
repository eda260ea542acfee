// Reads escapes from left to right.
#include "llm/escapes.hpp"

#include <guardrails/utf8.hpp>

#include <charconv>
#include <cstdint>
#include <optional>

namespace guardrails::llm {

namespace {

/// The number that the first `digits` hexadecimal digits of `text` write.
std::optional<std::uint32_t> hex(std::string_view text, std::size_t digits) {
  std::uint32_t value = 0;
  if (text.size() < digits)
    return std::nullopt;
  const auto* end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

char control(char name) noexcept {
  constexpr std::string_view names = "ntrbf";
  constexpr std::string_view controls = "\n\t\r\b\f";
  const auto i = names.find(name);
  return i == names.npos ? '\0' : controls[i];
}

constexpr std::size_t low_surrogate_escape = 6; // \uNNNN

/// Appends what `high` and the escape that `text` begins with write together.
bool read_low_surrogate(std::uint32_t high, std::string_view text, std::string& out) {
  const auto low = text.starts_with("\\u") ? hex(text.substr(2), 4) : std::nullopt;
  if (high < 0xD800 || high > 0xDBFF || !low || *low < 0xDC00 || *low > 0xDFFF)
    return false;
  append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (*low - 0xDC00));
  return true;
}

/// Reads the escape that `text` begins with, after its backslash; returns its bytes, 0 when it is none.
std::size_t read(std::string_view text, std::string& out) {
  const auto kind = text.front();
  if (kind == '\\' || kind == '"' || kind == '\'' || kind == '/') {
    out += kind;
    return 1;
  }
  if (const auto c = control(kind); c != '\0') {
    out += c;
    return 1;
  }
  const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  const auto value = digits > 0 ? hex(text.substr(1), digits) : std::nullopt;
  if (!value)
    return 0;
  const auto length = 1 + digits;
  if (kind == 'x') {
    out += static_cast<char>(*value);
    return length;
  }
  if (*value < 0xD800 || (*value > 0xDFFF && *value <= 0x10FFFF)) {
    append_utf8(out, *value);
    return length;
  }
  return read_low_surrogate(*value, text.substr(length), out) ? length + low_surrogate_escape : 0;
}

} // namespace

std::string without_escapes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto plain = text.substr(0, text.find('\\'));
    out += plain;
    text.remove_prefix(plain.size());
    if (text.empty())
      break;
    text.remove_prefix(1);
    const auto length = text.empty() ? 0 : read(text, out);
    if (length == 0)
      out += '\\';
    text.remove_prefix(length);
  }
  return out;
}

} // namespace guardrails::llm
