// Well-formed UTF-8 by the table of the Unicode standard (no overlong forms, no surrogates).
#include "config/utf8.hpp"

#include <algorithm>

namespace guardrails::config {

namespace {

struct lead_byte {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

lead_byte classify(unsigned char lead) noexcept {
  if (lead < 0x80)
    return {1, 0, 0};
  if (lead >= 0xC2 && lead <= 0xDF)
    return {2, 0x80, 0xBF};
  if (lead >= 0xE0 && lead <= 0xEF)
    return {3, static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(lead == 0xED ? 0x9F : 0xBF)};
  if (lead >= 0xF0 && lead <= 0xF4)
    return {4, static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
  return {0, 0, 0};
}

} // namespace

std::size_t utf8_sequence_length(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = classify(byte(0));
  if (lead.length > text.size())
    return 0;
  if (lead.length >= 2 && (byte(1) < lead.second_min || byte(1) > lead.second_max))
    return 0;
  for (std::size_t i = 2; i < lead.length; ++i)
    if ((byte(i) & 0xC0) != 0x80)
      return 0;
  return lead.length;
}

std::size_t first_malformed_byte(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_sequence_length(text.substr(at));
    if (length == 0)
      return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string result;
  while (!text.empty()) {
    const auto length = utf8_sequence_length(text);
    const auto control = length == 1 && (text[0] < ' ' || text[0] == '\x7f');
    const auto piece = length == 0 || control ? std::string_view{"?"} : text.substr(0, length);
    if (result.size() + piece.size() > limit)
      return result + "…";
    result += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

} // namespace guardrails::config
