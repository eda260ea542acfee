// Reads digit groups and judges what stands around them.
#include "checks/recognisers/digits.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

namespace guardrails::checks {

namespace {

bool has_digit(std::string_view text, std::size_t pos) noexcept {
  return pos < text.size() && is_digit(text[pos]);
}

bool begins_alone(std::string_view text, std::size_t begin) noexcept {
  if (begin == 0)
    return true;
  if (sticks_to_digits(decode_before(text, begin).value))
    return false;
  if (begin < 2)
    return true;
  const auto before = text[begin - 1];
  const auto further = text[begin - 2];
  if (before == '-')
    return !is_letter_or_digit(further);
  return !((before == '.' || before == ':' || before == '/') && is_digit(further));
}

bool ends_alone(std::string_view text, std::size_t end) noexcept {
  if (end >= text.size())
    return true;
  if (sticks_to_digits(decode_at(text, end).value) || text[end] == '%')
    return false;
  if (text[end] == '-')
    return end + 1 >= text.size() || !is_letter_or_digit(text[end + 1]);
  return !((text[end] == '.' || text[end] == ':' || text[end] == '/') && has_digit(text, end + 1));
}

} // namespace

bool is_dash(char32_t c) noexcept {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

std::size_t separator_length(std::string_view text, std::size_t pos) noexcept {
  if (pos >= text.size())
    return 0;
  if (text[pos] == ' ' || text[pos] == '-' || text[pos] == '.')
    return 1;
  const auto c = decode_at(text, pos);
  const bool separates = c.value == 0xA0 || c.value == 0x202F || is_dash(c.value);
  return separates ? c.length : 0;
}

digit_chain read_digits(std::string_view text, std::size_t pos, std::size_t max_digits) {
  digit_chain chain;
  while (has_digit(text, pos)) {
    auto end = pos;
    // A group longer than any number we know is read no further than needed to refuse it.
    while (has_digit(text, end) && end - pos <= max_digits)
      ++end;
    if (!chain.groups.empty() && chain.digits.size() + (end - pos) > max_digits) {
      chain.complete = false;
      break;
    }
    chain.digits.append(text.substr(pos, end - pos));
    chain.groups.push_back({pos, end});
    const auto gap = separator_length(text, end);
    if (gap == 0)
      break;
    pos = end + gap;
  }
  return chain;
}

bool stands_alone(std::string_view text, match_range number) noexcept {
  return begins_alone(text, number.begin) && ends_alone(text, number.end);
}

std::size_t skip_number(std::string_view text, std::size_t pos) noexcept {
  while (pos < text.size() &&
         (is_digit(text[pos]) || text[pos] == '.' || text[pos] == '-' || text[pos] == ':'))
    ++pos;
  return pos;
}

} // namespace guardrails::checks
