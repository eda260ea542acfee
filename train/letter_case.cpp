// One code point at a time, with ICU's simple case mapping.
#include "train/letter_case.hpp"

#include "checks/utf8.hpp"

#include <guardrails/utf8.hpp>

#include <unicode/uchar.h>

namespace guardrails::train {

namespace {

constexpr double share_of_titled_words = 0.15;

void append(std::string& out, std::string_view original, char32_t mapped) {
  const auto before = out.size();
  append_utf8(out, mapped);
  if (out.size() - before != original.size())
    out.replace(before, std::string::npos, original);
}

} // namespace

std::string rewrite(std::string_view text, rewriting how, random_source& random) {
  if (how == rewriting::none)
    return std::string{text};
  std::string out;
  out.reserve(text.size());
  auto in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = checks::decode_at(text, at);
    const auto original = text.substr(at, length);
    at += length;
    const auto point = static_cast<UChar32>(value);
    const auto is_letter = value != checks::no_code_point && u_isalpha(point);
    const auto begins = is_letter && !in_word;
    in_word = is_letter;
    const auto to_small = is_letter && how == rewriting::small;
    const auto to_big =
      is_letter && (how == rewriting::capitals || (begins && how == rewriting::titled) ||
                    (begins && how == rewriting::some_titled && random.happens(share_of_titled_words)));
    if (to_small)
      append(out, original, static_cast<char32_t>(u_tolower(point)));
    else if (to_big)
      append(out, original, static_cast<char32_t>(u_toupper(point)));
    else
      out += original;
  }
  return out;
}

} // namespace guardrails::train
