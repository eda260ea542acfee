// How many tokens cl100k would make of a text, without its vocabulary: the text is cut as cl100k's regular
// expression cuts it, then each piece is weighed by length and script.
#include "llm/chat_codec.hpp"

#include <array>

namespace guardrails::llm {
namespace {

// Weights are hundredths of a token: the mean over many pieces of one shape is not a whole number.
constexpr std::size_t bytes_between_stops = 64 << 10;
constexpr std::uint64_t one_token = 100;

enum class kind : std::uint8_t { letter, digit, newline, space, other };

struct code_point {
  char32_t value = 0;
  std::uint8_t bytes = 1;
  kind what = kind::other;
};

constexpr kind kind_of_ascii(unsigned char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
    return kind::letter;
  if (c >= '0' && c <= '9')
    return kind::digit;
  if (c == '\n' || c == '\r')
    return kind::newline;
  return c == ' ' || (c >= '\t' && c <= '\f') ? kind::space : kind::other;
}

constexpr auto ascii_kinds = [] {
  std::array<kind, 128> table{};
  for (unsigned char c = 0; c < 128; ++c)
    table[c] = kind_of_ascii(c);
  return table;
}();

constexpr kind kind_of_wide(char32_t c) {
  if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x3000)
    return kind::space;
  if (c < 0xc0)
    return c == 0xaa || c == 0xb5 || c == 0xba ? kind::letter : kind::other;
  const bool symbol = c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c < 0x2c00) || (c >= 0x3001 && c <= 0x303f) ||
                      (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xfe00 && c <= 0xfe6f) ||
                      (c >= 0xff00 && c <= 0xff20) || (c >= 0x1f000 && c <= 0x1faff);
  return symbol ? kind::other : kind::letter;
}

// Malformed bytes count as one-byte symbols: the estimate must be total, not strict.
code_point read(std::string_view text, std::size_t at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80)
    return {lead, 1, ascii_kinds[lead]};
  const std::uint8_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
  if (length == 1 || lead > 0xf4 || at + length > text.size())
    return {0xfffd, 1, kind::other};
  auto value = static_cast<char32_t>(lead & (0x7f >> length));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0) != 0x80)
      return {0xfffd, 1, kind::other};
    value = value << 6 | (next & 0x3f);
  }
  return {value, length, kind_of_wide(value)};
}

// What one letter outside ASCII adds; scripts that the vocabulary knows badly cost more.
constexpr std::uint64_t weight_of_letter(char32_t c) {
  if (c < 0x250)
    return 60; // Latin with diacritics, on top of the word around it
  if (c >= 0x400 && c < 0x530)
    return 45; // Cyrillic
  if (c >= 0x3040 && c < 0x3100)
    return 100; // kana
  if (c >= 0x3400 && c < 0xa000)
    return 120; // Han
  return c < 0x800 ? 80 : c < 0x10000 ? 110 : 220;
}

constexpr std::uint64_t weight_of_ascii_letters(std::uint64_t count) {
  if (count <= 4)
    return count == 0 ? 0 : one_token;
  if (count <= 8)
    return count <= 6 ? 103 : 108;
  if (count <= 12)
    return count <= 10 ? 116 : 126;
  // Common words of up to sixteen letters are one token; what is longer is nearly always composed.
  return count <= 16 ? 150 : 150 + (count - 16) * 36;
}

/// Reads one text from front to back; each member consumes one alternative of the regular expression.
class estimator {
public:
  explicit estimator(std::string_view text) noexcept
    : text_{text} {}

  std::uint64_t run() noexcept {
    while (at_ < text_.size())
      step();
    return rounded();
  }

  std::uint64_t run(const std::function<bool()>& stop) {
    for (std::size_t next_stop = 0; at_ < text_.size(); step()) {
      if (at_ < next_stop)
        continue;
      if (stop && stop())
        break;
      next_stop = at_ + bytes_between_stops;
    }
    return rounded();
  }

private:
  std::uint64_t rounded() const noexcept { return (sum_ + one_token / 2) / one_token; }

  kind kind_at(std::size_t at) const noexcept {
    return at < text_.size() ? read(text_, at).what : kind::newline;
  }

  void step() noexcept {
    const auto first = read(text_, at_);
    switch (first.what) {
    case kind::letter:
      return word();
    case kind::digit:
      return digits();
    case kind::newline:
      return whitespace();
    case kind::space:
      return after_space(first);
    case kind::other:
      return symbol(first);
    }
  }

  // [^\r\n\p{L}\p{N}]?\p{L}+ without its optional first character
  void word() noexcept {
    std::uint64_t plain = 0, wide = 0, upper = 0, humps = 0;
    bool was_lower = false;
    while (at_ < text_.size()) {
      const auto lead = static_cast<unsigned char>(text_[at_]);
      if (lead >= 0x80) {
        const auto c = read(text_, at_);
        if (c.what != kind::letter)
          break;
        at_ += c.bytes;
        wide += weight_of_letter(c.value);
        plain += c.value < 0x250;
        continue;
      }
      if (ascii_kinds[lead] != kind::letter)
        break;
      if (const auto lower = lower_case_run(); lower > 0) {
        plain += lower;
        was_lower = true;
        continue;
      }
      ++at_;
      const bool is_upper = lead <= 'Z';
      humps += is_upper && was_lower;
      upper += is_upper;
      was_lower = !is_upper;
      ++plain;
    }
    // Shouted words and camelCase are rare in the vocabulary.
    const auto shouted = upper > 2 && upper == plain ? (upper - 2) * 35 : 0;
    sum_ += weight_of_ascii_letters(plain) + wide + shouted + humps * 80;
  }

  // Most letters of most texts, in a loop of their own.
  std::size_t lower_case_run() noexcept {
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z')
      ++at_;
    return at_ - begin;
  }

  // \p{N}{1,3}
  void digits() noexcept {
    for (int count = 0; count < 3 && kind_at(at_) == kind::digit && at_ < text_.size(); ++count)
      ++at_;
    sum_ += one_token;
  }

  // \s*[\r\n]+ | \s+(?!\S) | \s+
  void whitespace() noexcept {
    const auto begin = at_;
    std::size_t last = at_;
    while (at_ < text_.size()) {
      const auto c = read(text_, at_);
      if (c.what != kind::space && c.what != kind::newline)
        break;
      last = at_;
      at_ += c.bytes;
    }
    // The last blank of a run belongs to what follows it, unless it ends a line or the text.
    if (at_ < text_.size() && last > begin && read(text_, last).what == kind::space)
      at_ = last;
    sum_ += one_token + (at_ - begin) / 64 * one_token;
  }

  void after_space(code_point first) noexcept {
    const auto next = at_ + first.bytes;
    switch (next < text_.size() ? kind_at(next) : kind::newline) {
    case kind::letter:
      at_ = next;
      return word();
    case kind::other:
      if (first.value == ' ') {
        at_ = next;
        return symbols();
      }
      [[fallthrough]];
    default:
      return whitespace();
    }
  }

  // A symbol in front of a letter is part of that word's piece, or begins a contraction.
  void symbol(code_point first) noexcept {
    const auto next = at_ + first.bytes;
    if (next >= text_.size() || kind_at(next) != kind::letter || first.value > 0x7f)
      return symbols();
    at_ = next;
    if (first.value == '\'' && contraction())
      return;
    sum_ += 60;
    word();
  }

  bool contraction() noexcept {
    for (std::string_view ending : {"s", "t", "m", "d", "re", "ve", "ll"}) {
      if (!text_.substr(at_).starts_with(ending))
        continue;
      if (at_ + ending.size() < text_.size() && kind_at(at_ + ending.size()) == kind::letter)
        continue;
      at_ += ending.size();
      sum_ += one_token;
      return true;
    }
    return false;
  }

  // [^\s\p{L}\p{N}]+[\r\n]*
  void symbols() noexcept {
    std::uint64_t plain = 0;
    while (at_ < text_.size()) {
      const auto c = read(text_, at_);
      if (c.what != kind::other)
        break;
      at_ += c.bytes;
      if (c.value < 0x80)
        ++plain;
      else
        sum_ += c.value >= 0x10000 ? 250 : one_token;
    }
    if (plain > 0)
      sum_ += one_token + (plain > 2 ? (plain - 2) * 25 : 0);
    while (at_ < text_.size() && kind_at(at_) == kind::newline)
      ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t sum_ = 0;
};

} // namespace

std::uint64_t estimate_tokens(std::string_view text) noexcept {
  return estimator{text}.run();
}

std::uint64_t estimate_tokens(std::string_view text, const std::function<bool()>& stop) {
  return estimator{text}.run(stop);
}

} // namespace guardrails::llm
