// Skims for telling bytes, and sets the automaton down before them.
#include "checks/candidate_finder.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace guardrails::checks {

namespace {

constexpr std::size_t widest = 128;
constexpr std::size_t longest_lead = 24;

// Without branches, so that the compiler can look at many bytes at once.
constexpr unsigned char is_telling(unsigned char byte) noexcept {
  const auto from_zero = static_cast<unsigned char>(byte - '0');
  const bool digit_or_colon = from_zero <= ':' - '0'; // `:` follows `9`
  return static_cast<unsigned char>(digit_or_colon | (byte == '.') | (byte == '@'));
}

byte_set telling_bytes() {
  byte_set set;
  for (unsigned byte = 0; byte < set.size(); ++byte)
    set[byte] = is_telling(static_cast<unsigned char>(byte)) != 0;
  return set;
}

bool is_word_byte(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

// Place of the first of eight bytes that is not 0, or 8.
std::size_t first_set(const unsigned char* bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const auto zeros =
    std::endian::native == std::endian::little ? std::countr_zero(word) : std::countl_zero(word);
  return static_cast<std::size_t>(zeros) / 8;
}

// The first telling byte at or after `pos`, or the end of the text. Whole blocks first: the compiler turns
// the inner loop into a few instructions.
std::size_t find_telling(std::string_view text, std::size_t pos) noexcept {
  constexpr std::size_t block = 32;
  std::array<unsigned char, block> telling;
  for (; pos + block <= text.size(); pos += block) {
    for (std::size_t i = 0; i < block; ++i)
      telling[i] = is_telling(static_cast<unsigned char>(text[pos + i]));
    for (std::size_t i = 0; i < block; i += 8)
      if (const auto first = first_set(&telling[i]); first < 8)
        return pos + i + first;
  }
  while (pos < text.size() && is_telling(static_cast<unsigned char>(text[pos])) == 0)
    ++pos;
  return pos;
}

// Without a way out in the middle, for the same reason.
bool is_ascii(std::string_view part) noexcept {
  unsigned char seen = 0;
  for (const auto c : part)
    seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(c));
  return seen < 0x80;
}

std::vector<bounded_expression> expressions_of(const std::vector<findable_pattern>& patterns) {
  std::vector<bounded_expression> expressions;
  for (const auto& p : patterns)
    expressions.push_back(p.expression);
  return expressions;
}

} // namespace

std::optional<bounded_expression> candidate_finder::takes(std::string_view expression) {
  auto parsed = parse_bounded(expression, widest).expression;
  if (!parsed)
    return std::nullopt;
  const auto lead = width_before(parsed->root, telling_bytes(), width_unit::bytes);
  return lead && *lead <= longest_lead ? std::move(parsed) : std::nullopt;
}

candidate_finder::candidate_finder(std::vector<findable_pattern> patterns)
  : patterns_{std::move(patterns)}
  , automaton_{expressions_of(patterns_), automaton_start::here} {
  for (const auto& p : patterns_) {
    const auto lead = [&](width_unit unit) {
      return width_before(p.expression.root, telling_bytes(), unit).value_or(0);
    };
    lead_ = std::max(lead_, lead(width_unit::bytes));
    ascii_lead_ = std::max(ascii_lead_, lead(width_unit::code_points));
  }
  learn_beginnings();
}

void candidate_finder::learn_beginnings() {
  for (const bool after_word : {false, true})
    for (unsigned byte = 0; byte < 256; ++byte) {
      pattern_automaton::cursor at{automaton_, after_word};
      const auto first = static_cast<char>(byte);
      at.advance({&first, 1}, 0);
      followers_[after_word][byte] = automaton_.continuations(at.at());
    }
}

// Goes to the next place where a match may begin; false when there is none.
bool candidate_finder::advance(std::string_view text, beginning& at) const noexcept {
  for (; at.pos < text.size(); ++at.pos) {
    if (at.telling < at.pos || !at.looked)
      look_for_telling(text, at);
    if (at.telling == text.size())
      return false;
    if (at.telling - at.pos > at.lead)
      at.pos = at.telling - at.lead;
    const bool after_word = at.pos > 0 && is_word_byte(text[at.pos - 1]);
    const auto& follower = followers_[after_word][static_cast<unsigned char>(text[at.pos])];
    if (at.pos + 1 == text.size() || follower[static_cast<unsigned char>(text[at.pos + 1])])
      return true;
  }
  return false;
}

void candidate_finder::look_for_telling(std::string_view text, beginning& at) const noexcept {
  at.looked = true;
  at.telling = find_telling(text, at.pos);
  const auto before = std::min(at.telling - at.pos, lead_);
  const bool ascii = is_ascii(text.substr(at.telling - before, before));
  at.lead = ascii ? ascii_lead_ : lead_;
}

void candidate_finder::match_at(std::string_view text, std::size_t begin,
                                std::vector<candidate>& here) const {
  here.clear();
  pattern_automaton::cursor at{automaton_, begin > 0 && is_word_byte(text[begin - 1])};
  for (auto pos = at.advance(text, begin);; pos = at.advance(text, pos + 1)) {
    if (pos >= text.size())
      at.finish();
    for (const auto index : at.at().matched) {
      const auto known = std::ranges::find(here, index, &candidate::index);
      if (known != here.end())
        known->where.end = pos; // preferred to the shorter one
      else
        here.push_back({index, {begin, pos}});
    }
    if (at.at().dead() || pos >= text.size())
      return;
  }
}

} // namespace guardrails::checks
