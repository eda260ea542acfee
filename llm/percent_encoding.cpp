// Writes bytes as %XX.
#include "llm/percent_encoding.hpp"

#include <guardrails/ascii.hpp>

namespace guardrails::llm {

std::string percent_encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "-._~";
  std::string out;
  out.reserve(text.size());
  for (const auto c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_letter_or_digit(c) || unreserved.find(c) != unreserved.npos || kept.find(c) != kept.npos)
      out += c;
    else
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

} // namespace guardrails::llm
