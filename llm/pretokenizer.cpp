// The alternatives of each regular expression by hand: RE2 has no lookahead, and other engines backtrack.
#include "llm/pretokenizer.hpp"

#include <guardrails/utf8.hpp>

#include <unicode/uchar.h>

#include <array>

namespace guardrails::llm {

namespace {

// What a code point is, as a set with one member, so that a class of them is a set too.
using kind_set = std::uint8_t;
constexpr kind_set upper = 1;    // \p{Lu}\p{Lt}
constexpr kind_set lower = 2;    // \p{Ll}
constexpr kind_set caseless = 4; // \p{Lm}\p{Lo}
constexpr kind_set mark = 8;     // \p{M}
constexpr kind_set number = 16;  // \p{N}
constexpr kind_set newline = 32; // [\r\n]
constexpr kind_set blank = 64;   // the rest of \s
constexpr kind_set sign = 128;   // anything else
constexpr kind_set nothing = 0;  // the end of the text

constexpr kind_set letter = upper | lower | caseless;
constexpr kind_set space = newline | blank;
constexpr kind_set symbol = mark | sign; // [^\s\p{L}\p{N}]

// o200k's two halves of a word; letters without case and marks may stand in both.
constexpr kind_set head = upper | caseless | mark;
constexpr kind_set tail = lower | caseless | mark;

constexpr std::size_t none = static_cast<std::size_t>(-1);

constexpr auto ascii_kinds = [] {
  std::array<kind_set, 128> table{};
  for (unsigned char c = 0; c < 128; ++c)
    table[c] = c >= 'a' && c <= 'z'                   ? lower
               : c >= 'A' && c <= 'Z'                 ? upper
               : c >= '0' && c <= '9'                 ? number
               : c == '\n' || c == '\r'               ? newline
               : c == ' ' || (c >= '\t' && c <= '\f') ? blank
                                                      : sign;
  return table;
}();

kind_set kind_of(char32_t c) noexcept {
  const auto wide = static_cast<UChar32>(c);
  const auto category = U_GET_GC_MASK(wide);
  if ((category & U_GC_L_MASK) != 0)
    return (category & U_GC_LL_MASK) != 0                    ? lower
           : (category & (U_GC_LU_MASK | U_GC_LT_MASK)) != 0 ? upper
                                                             : caseless;
  if ((category & U_GC_M_MASK) != 0)
    return mark;
  if ((category & U_GC_N_MASK) != 0)
    return number;
  return u_isUWhiteSpace(wide) ? blank : sign;
}

struct unit {
  kind_set what = nothing;
  std::size_t length = 0;
};

unit read(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size())
    return {};
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80)
    return {ascii_kinds[lead], 1};
  const auto length = utf8_sequence_length(text.substr(at, 4));
  if (length == 0)
    return {sign, 1};
  auto value = static_cast<char32_t>(lead & (0x7f >> length));
  for (std::size_t i = 1; i < length; ++i)
    value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
  return {kind_of(value), length};
}

std::size_t skip(std::string_view text, std::size_t at, kind_set wanted) noexcept {
  for (auto next = read(text, at); (next.what & wanted) != 0; next = read(text, at))
    at += next.length;
  return at;
}

std::size_t skip_any_of(std::string_view text, std::size_t at, std::string_view wanted) noexcept {
  const auto end = text.find_first_not_of(wanted, at);
  return end == std::string_view::npos ? text.size() : end;
}

// 's|'t|'re|'ve|'m|'ll|'d; `at` itself when there is none.
std::size_t skip_contraction(std::string_view text, std::size_t at, bool any_case) noexcept {
  constexpr std::string_view long_s = "\xC5\xBF"; // folds to s
  if (at >= text.size() || text[at] != '\'')
    return at;
  const auto rest = text.substr(at + 1);
  if (any_case && rest.starts_with(long_s))
    return at + 1 + long_s.size();
  const auto folded = [&](std::size_t i) {
    const auto c = i < rest.size() ? rest[i] : '\0';
    return any_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  for (const std::string_view ending : {"s", "t", "m", "d", "re", "ve", "ll"})
    if (folded(0) == ending[0] && (ending.size() == 1 || folded(1) == ending[1]))
      return at + 1 + ending.size();
  return at;
}

// \s*[\r\n]+ (where lines end pieces) | \s+(?!\S) | \s+
std::size_t skip_space(std::string_view text, std::size_t begin, bool by_lines) noexcept {
  auto at = begin;
  auto last = begin;
  auto after_line = begin;
  for (auto next = read(text, at); (next.what & space) != 0; next = read(text, at)) {
    last = at;
    at += next.length;
    if (next.what == newline)
      after_line = at;
  }
  if (by_lines && after_line > begin)
    return after_line;
  return at < text.size() && last > begin ? last : at; // the last blank belongs to what follows
}

// ` ?[^\s\p{L}\p{N}]+` with what may follow it, or else white space
std::size_t skip_symbols(std::string_view text, std::size_t at, std::string_view followers,
                         bool by_lines) noexcept {
  const auto begin = text[at] == ' ' ? at + 1 : at;
  const auto end = skip(text, begin, symbol);
  return end > begin ? skip_any_of(text, end, followers) : skip_space(text, at, by_lines);
}

std::size_t skip_numbers(std::string_view text, std::size_t at, int most) noexcept {
  for (auto next = read(text, at); most > 0 && next.what == number; next = read(text, at), --most)
    at += next.length;
  return at;
}

// '(s|t|…)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t gpt2_piece(std::string_view text, std::size_t at) noexcept {
  if (const auto end = skip_contraction(text, at, false); end > at)
    return end;
  const auto begin = text[at] == ' ' ? at + 1 : at;
  for (const auto wanted : {letter, number})
    if (const auto end = skip(text, begin, wanted); end > begin)
      return end;
  return skip_symbols(text, at, "", false);
}

// The same without case, then [^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|…
std::size_t cl100k_piece(std::string_view text, std::size_t at, int most_digits) noexcept {
  if (const auto end = skip_contraction(text, at, true); end > at)
    return end;
  const auto first = read(text, at);
  if ((first.what & letter) != 0)
    return skip(text, at, letter);
  if (first.what == number)
    return skip_numbers(text, at, most_digits);
  const auto next = first.what == newline ? text.size() : at + first.length;
  if (const auto end = skip(text, next, letter); end > next)
    return end;
  return skip_symbols(text, at, "\r\n", true);
}

// [head]*[tail]+: where greedy matching ends after it gave back what it must.
std::size_t o200k_lower_word(std::string_view text, std::size_t at) noexcept {
  auto end_of_shared = none;
  for (auto next = read(text, at); (next.what & head) != 0; next = read(text, at)) {
    at += next.length;
    if ((next.what & tail) != 0)
      end_of_shared = at;
  }
  const auto end = skip(text, at, tail);
  return end > at ? end : end_of_shared;
}

// [head]+[tail]*
std::size_t o200k_upper_word(std::string_view text, std::size_t at) noexcept {
  const auto middle = skip(text, at, head);
  return middle > at ? skip(text, middle, tail) : none;
}

// Each alternative with [^\r\n\p{L}\p{N}]? before it, first taken, then not.
std::size_t o200k_word(std::string_view text, std::size_t at) noexcept {
  const auto first = read(text, at);
  const bool may_be_prefix = (first.what & (letter | number | newline)) == 0;
  for (const auto word : {o200k_lower_word, o200k_upper_word}) {
    if (may_be_prefix)
      if (const auto end = word(text, at + first.length); end != none)
        return end;
    if (const auto end = word(text, at); end != none)
      return end;
  }
  return none;
}

std::size_t o200k_piece(std::string_view text, std::size_t at) noexcept {
  if (const auto end = o200k_word(text, at); end != none)
    return skip_contraction(text, end, true);
  if (const auto end = skip_numbers(text, at, 3); end > at)
    return end;
  return skip_symbols(text, at, "\r\n/", true);
}

} // namespace

std::size_t piece_end(pretokenizer rules, std::string_view text, std::size_t at) noexcept {
  switch (rules) {
  case pretokenizer::gpt2:
    return gpt2_piece(text, at);
  case pretokenizer::cl100k:
    return cl100k_piece(text, at, 3);
  case pretokenizer::qwen2:
    return cl100k_piece(text, at, 1);
  case pretokenizer::o200k:
    return o200k_piece(text, at);
  }
  return text.size();
}

} // namespace guardrails::llm
