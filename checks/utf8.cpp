// Decodes and validates UTF-8 as the Unicode standard, table 3-7, defines it.
#include "checks/utf8.hpp"

#include "checks/rail.hpp"

#include <cstdint>
#include <cstring>

namespace guardrails::checks {

namespace {

unsigned char byte_at(std::string_view text, std::size_t pos) noexcept {
  return static_cast<unsigned char>(text[pos]);
}

// Length that a lead byte announces; 0 for a byte that cannot lead.
std::size_t announced_length(unsigned char lead) noexcept {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return 2;
  if (lead >= 0xE0 && lead <= 0xEF)
    return 3;
  if (lead >= 0xF0 && lead <= 0xF4)
    return 4;
  return 0;
}

// The second byte carries the rules against overlong forms, surrogates and values past U+10FFFF.
bool second_byte_fits(unsigned char lead, unsigned char second) noexcept {
  switch (lead) {
  case 0xE0:
    return second >= 0xA0 && second <= 0xBF;
  case 0xED:
    return second >= 0x80 && second <= 0x9F;
  case 0xF0:
    return second >= 0x90 && second <= 0xBF;
  case 0xF4:
    return second >= 0x80 && second <= 0x8F;
  default:
    return second >= 0x80 && second <= 0xBF;
  }
}

// Length of the valid sequence at `pos`, or 0.
std::size_t valid_length(std::string_view text, std::size_t pos) noexcept {
  const auto lead = byte_at(text, pos);
  const auto length = announced_length(lead);
  if (length <= 1)
    return length;
  if (text.size() - pos < length || !second_byte_fits(lead, byte_at(text, pos + 1)))
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (!is_continuation(text[pos + i]))
      return 0;
  return length;
}

} // namespace

code_point decode_at(std::string_view text, std::size_t pos) noexcept {
  if (pos >= text.size())
    return {};
  const auto length = valid_length(text, pos);
  const auto lead = byte_at(text, pos);
  if (length == 0)
    return {no_code_point, 1};
  if (length == 1)
    return {lead, 1};
  char32_t value = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    value = (value << 6) | (byte_at(text, pos + i) & 0x3Fu);
  return {value, length};
}

code_point decode_before(std::string_view text, std::size_t pos) noexcept {
  if (pos == 0 || pos > text.size())
    return {};
  auto start = pos - 1;
  while (start > 0 && pos - start < 4 && is_continuation(text[start]))
    --start;
  const auto found = decode_at(text, start);
  return start + found.length == pos ? found : code_point{no_code_point, 1};
}

std::size_t next_boundary(std::string_view text, std::size_t pos) noexcept {
  while (pos < text.size() && is_continuation(text[pos]))
    ++pos;
  return pos < text.size() ? pos : text.size();
}

std::size_t next_non_ascii(std::string_view text, std::size_t pos) noexcept {
  for (; pos + 8 <= text.size(); pos += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + pos, 8);
    if ((eight & 0x8080808080808080u) != 0)
      break;
  }
  while (pos < text.size() && byte_at(text, pos) < 0x80)
    ++pos;
  return pos;
}

void append_utf8(std::string& out, char32_t c) {
  const auto push = [&](char32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0 | (c >> 6));
    push(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    push(0xE0 | (c >> 12));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  } else {
    push(0xF0 | (c >> 18));
    push(0x80 | ((c >> 12) & 0x3F));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  }
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  for (auto pos = next_non_ascii(text, 0); pos < text.size();) {
    const auto length = valid_length(text, pos);
    if (length == 0)
      return pos;
    pos += length;
    if (length == 1)
      pos = next_non_ascii(text, pos);
  }
  return std::string_view::npos;
}

} // namespace guardrails::checks
