// Condenses ICU's property tables into one trie, once: a lookup then costs about a nanosecond.
#include "checks/code_point_class.hpp"

#include "checks/unicode.hpp"

#include <unicode/uchar.h>
#include <unicode/ucptrie.h>
#include <unicode/umutablecptrie.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

#include <memory>
#include <stdexcept>
#include <string_view>

namespace guardrails::checks {

namespace {

constexpr char32_t code_points = 0x110000;

// Ideographs and syllables are many, and all alike: none but the last range's is touched by NFKC.
struct uniform_range {
  char32_t begin;
  char32_t end;
};
constexpr uniform_range uniform_ranges[] = {{0x3400, 0x4DC0},      {0x4E00, 0xA000},   {0xAC00, 0xD7A4},
                                            {0xD800, 0xF900},      {0x20000, 0x2F800}, {0x2FA20, 0xE0000},
                                            {0xE1000, code_points}};

// Shown, although formatting characters: they enclose the digits that follow.
bool is_shown_format(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_PREPENDED_CONCATENATION_MARK) || (c >= 0x13430 && c <= 0x1345F);
}

bool shows_nothing(UChar32 c) {
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
    return true;
  return u_charType(c) == U_FORMAT_CHAR && !is_shown_format(c);
}

code_point_flags script_flag(UChar32 c) {
  auto status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
  case USCRIPT_LATIN:
    return code_point_flag::latin;
  case USCRIPT_CYRILLIC:
    return code_point_flag::cyrillic;
  case USCRIPT_GREEK:
    return code_point_flag::greek;
  default:
    return 0;
  }
}

code_point_flags derive(char32_t c) {
  using namespace code_point_flag;
  const auto u = static_cast<UChar32>(c);
  if (shows_nothing(u))
    return invisible;
  if (u_charType(u) == U_UNASSIGNED)
    return 0;
  code_point_flags flags = 0;
  if (u_getIntPropertyValue(u, UCHAR_NFKC_QUICK_CHECK) != UNORM_YES || boxed_letter(c) != 0 ||
      digit_twin(c) != 0 || is_drawn_over(c))
    flags |= unsettled;
  if (u_getCombiningClass(u) != 0)
    flags |= mark;
  if (latin_twin(c) != 0)
    flags |= lookalike;
  if (is_letter(c))
    flags |= script_flag(u);
  if (is_spaced_word_character(c))
    flags |= word_part;
  return flags;
}

class flag_table {
public:
  flag_table() {
    auto status = U_ZERO_ERROR;
    const std::unique_ptr<UMutableCPTrie, decltype(&umutablecptrie_close)> growing{
      umutablecptrie_open(0, 0, &status), &umutablecptrie_close};
    char32_t c = 0;
    for (const auto& skipped : uniform_ranges) {
      for (; c < skipped.begin; ++c)
        if (const auto flags = derive(c); flags != 0)
          umutablecptrie_set(growing.get(), static_cast<UChar32>(c), flags, &status);
      c = skipped.end;
    }
    trie_.reset(
      umutablecptrie_buildImmutable(growing.get(), UCPTRIE_TYPE_FAST, UCPTRIE_VALUE_BITS_8, &status));
    if (U_FAILURE(status))
      throw std::runtime_error{"the table of code points cannot be built"};
  }

  code_point_flags operator[](char32_t c) const noexcept {
    return static_cast<code_point_flags>(UCPTRIE_FAST_GET(trie_.get(), UCPTRIE_8, static_cast<UChar32>(c)));
  }

  // Flags of the code point at `pos`; moves past it, or past bytes that are no UTF-8, which have none.
  code_point_flags next(std::string_view text, std::size_t& pos) const noexcept {
    const auto* at = reinterpret_cast<const std::uint8_t*>(text.data()) + pos;
    const auto* const end = reinterpret_cast<const std::uint8_t*>(text.data()) + text.size();
    code_point_flags flags = 0;
    UCPTRIE_FAST_U8_NEXT(trie_.get(), UCPTRIE_8, at, end, flags);
    pos = static_cast<std::size_t>(at - reinterpret_cast<const std::uint8_t*>(text.data()));
    return flags;
  }

private:
  struct close {
    void operator()(UCPTrie* trie) const noexcept { ucptrie_close(trie); }
  };
  std::unique_ptr<UCPTrie, close> trie_;
};

const flag_table& table() {
  // A constant of Unicode, merely too large to be written down: built on first use, the same for everybody.
  static const flag_table flags;
  return flags;
}

} // namespace

char32_t digit_twin(char32_t c) noexcept {
  const auto u = static_cast<UChar32>(c);
  if (c < 0x80)
    return 0;
  if (const auto value = u_charDigitValue(u); value >= 0)
    return U'0' + static_cast<char32_t>(value);
  const auto value = u_charType(u) == U_OTHER_NUMBER ? u_getNumericValue(u) : U_NO_NUMERIC_VALUE;
  for (int digit = 0; digit <= 9; ++digit)
    if (value == digit)
      return U'0' + static_cast<char32_t>(digit);
  return 0;
}

bool is_drawn_over(char32_t c) noexcept {
  constexpr std::uint8_t overlay = 1;                                // canonical combining class
  constexpr std::u32string_view lines = U"\u0305\u0332\u0333\u033F"; // above and below, single and double
  constexpr char32_t after_letters = 0x3000; // from there on it is parts of musical notes and of shorthand
  const auto u = static_cast<UChar32>(c);
  return c < after_letters && (u_charType(u) == U_ENCLOSING_MARK || u_getCombiningClass(u) == overlay ||
                               lines.find(c) != std::u32string_view::npos);
}

code_point_flags flags_of(char32_t c) {
  return table()[c];
}

flagged_range range_with(std::string_view text, std::size_t begin, code_point_flags wanted) {
  const auto& flags = table();
  flagged_range range{begin, begin};
  for (auto pos = begin; pos < text.size(); range.end = pos) {
    const auto found = flags.next(text, pos);
    if ((found & wanted) == 0)
      break;
    range.seen |= found;
  }
  return range;
}

flagged_range range_without_flags(std::string_view text, std::size_t begin) {
  const auto& flags = table();
  flagged_range range{begin, begin};
  for (auto pos = begin; pos < text.size() && static_cast<unsigned char>(text[pos]) >= 0x80; range.end = pos)
    if (flags.next(text, pos) != 0)
      break;
  return range;
}

bool is_invisible(char32_t c) {
  return (flags_of(c) & code_point_flag::invisible) != 0;
}

} // namespace guardrails::checks
