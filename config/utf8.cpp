// Validates UTF-8: ASCII eight bytes at a time, the rest by the lead byte.
#include <guardrails/utf8.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace guardrails {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

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

} // namespace

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

std::size_t utf8_sequence_length(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto lead = byte_at(text, 0);
  const auto length = announced_length(lead);
  if (length <= 1)
    return length;
  if (text.size() < length || !second_byte_fits(lead, byte_at(text, 1)))
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte_at(text, i) & 0xC0) != 0x80)
      return 0;
  return length;
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  for (auto pos = next_non_ascii(text, 0); pos < text.size();) {
    const auto length = utf8_sequence_length(text.substr(pos));
    if (length == 0)
      return pos;
    pos += length;
    if (length == 1)
      pos = next_non_ascii(text, pos);
  }
  return std::string_view::npos;
}

bool is_control(std::string_view character) noexcept {
  const auto at = [&](std::size_t i) { return byte_at(character, i); };
  switch (character.size()) {
  case 1:
    return at(0) < 0x20 || at(0) == 0x7F;
  case 2: // U+0080 to U+009F
    return at(0) == 0xC2 && at(1) < 0xA0;
  case 3: // U+2028 to U+202E, U+2066 to U+2069
    return at(0) == 0xE2 && ((at(1) == 0x80 && at(2) >= 0xA8 && at(2) <= 0xAE) ||
                             (at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9));
  default:
    return false;
  }
}

std::string well_formed(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto good = std::min(find_invalid_utf8(text), text.size());
    result += text.substr(0, good);
    text.remove_prefix(good);
    if (!text.empty()) {
      result += replacement;
      text.remove_prefix(1);
    }
  }
  return result;
}

} // namespace guardrails
