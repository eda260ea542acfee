// Decodes UTF-8 forwards and backwards.
#include "checks/utf8.hpp"

#include <guardrails/utf8.hpp>

namespace guardrails::checks {

namespace {

unsigned char byte_at(std::string_view text, std::size_t pos) noexcept {
  return static_cast<unsigned char>(text[pos]);
}

} // namespace

code_point decode_at(std::string_view text, std::size_t pos) noexcept {
  if (pos >= text.size())
    return {};
  const auto length = utf8_sequence_length(text.substr(pos));
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

} // namespace guardrails::checks
