// One pass over the text: ASCII by table, everything else by ICU.
#include "checks/tagger/tokens.hpp"

#include "checks/tagger/word_hash.hpp"
#include "checks/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

namespace guardrails::checks::tagger {

namespace {

enum class kind : std::uint8_t { space, line_end, small, big, letter, digit, mark, other };

struct classified {
  kind is = kind::other;
  char32_t folded = 0;
};

constexpr std::array<classified, 128> ascii = [] {
  std::array<classified, 128> table{};
  for (char32_t c = 0; c < 128; ++c) {
    const auto is = c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' ? kind::space
                    : c == '\n'                                                  ? kind::line_end
                    : c >= 'a' && c <= 'z'                                       ? kind::small
                    : c >= 'A' && c <= 'Z'                                       ? kind::big
                    : c >= '0' && c <= '9'                                       ? kind::digit
                                                                                 : kind::other;
    table[c] = {is, is == kind::big ? c + ('a' - 'A') : is == kind::digit ? U'0' : c};
  }
  return table;
}();

classified classify(char32_t c) noexcept {
  if (c < 128)
    return ascii[c];
  if (c == no_code_point)
    return {kind::other, U'\uFFFD'};
  const auto point = static_cast<UChar32>(c);
  if (u_isUWhiteSpace(point))
    return {kind::space, U' '};
  switch (u_charType(point)) {
  case U_UPPERCASE_LETTER:
  case U_TITLECASE_LETTER:
    return {kind::big, static_cast<char32_t>(u_tolower(point))};
  case U_LOWERCASE_LETTER:
    return {kind::small, c};
  case U_MODIFIER_LETTER:
  case U_OTHER_LETTER:
    return {kind::letter, c};
  case U_DECIMAL_DIGIT_NUMBER:
    return {kind::digit, U'0'};
  case U_NON_SPACING_MARK:
  case U_COMBINING_SPACING_MARK:
    return {kind::mark, c};
  default:
    // A curly apostrophe or quotation mark is read as a straight one.
    return {kind::other, c == 0x2018 || c == 0x2019 ? U'\'' : c == 0x201C || c == 0x201D ? U'"' : c};
  }
}

// Most texts are ASCII.
code_point code_point_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte < 128 ? code_point{byte, 1} : decode_at(text, at);
}

bool belongs_to_word(kind k) noexcept {
  return k >= kind::small && k <= kind::mark;
}

// Kinds of characters in order, repetitions counted as `many`; the length of a number is kept up to five.
class shape_hasher {
public:
  void add(kind k) noexcept {
    if (k == kind::mark)
      return;
    if (k == last_ && (k != kind::digit || run_ >= 5)) {
      if (run_ == 1 && k != kind::digit)
        put(repeated);
      ++run_;
      return;
    }
    run_ = k == last_ ? run_ + 1 : 1;
    last_ = k;
    put(static_cast<std::uint32_t>(k));
  }

  std::uint32_t value() const noexcept { return mix(state_, 0x165667B1U); }

private:
  static constexpr std::uint32_t repeated = 31;
  static constexpr std::size_t most_parts = 8;

  void put(std::uint32_t part) noexcept {
    if (parts_++ < most_parts)
      state_ = state_ * 33 + part + 1;
  }

  std::uint32_t state_ = 0;
  std::size_t parts_ = 0;
  std::size_t run_ = 0;
  kind last_ = kind::space;
};

// Reads one word; keeps its first three and last three characters.
void read_word(std::string_view text, std::size_t& at, token& out) noexcept {
  word_hasher word;
  shape_hasher shape;
  std::array<char32_t, 3> first{};
  std::array<char32_t, 3> last{};
  std::size_t letters = 0;
  std::size_t big = 0;
  while (at < text.size()) {
    const auto c = code_point_at(text, at);
    const auto [is, folded] = classify(c.value);
    if (!belongs_to_word(is))
      break;
    word.add(folded);
    shape.add(is);
    if (letters == 0)
      out.starts_big = is == kind::big;
    if (letters < first.size())
      first[letters] = folded;
    last = {last[1], last[2], folded};
    big += is == kind::big ? 1 : 0;
    ++letters;
    at += c.length;
  }
  out.word = word.value();
  out.shape = shape.value();
  out.prefix = mix(first[0] << 16 ^ first[1], first[2]);
  out.suffix2 = mix(last[1], last[2]);
  out.suffix3 = mix(last[0] << 16 ^ last[1], last[2]);
  out.is_word = true;
  out.all_big = letters > 1 && big == letters;
}

void read_other(char32_t folded, token& out) noexcept {
  word_hasher word;
  word.add(folded);
  out.word = word.value();
  out.shape = mix(out.word, 1);
}

bool ends_sentence(char32_t c) noexcept {
  return c == '.' || c == '!' || c == '?' || c == ':' || c == '"' || c == '(' || c == '-' || c == '*' ||
         c == '>' || c == '#';
}

} // namespace

gap tokeniser::skip_white_space() noexcept {
  auto lines = 0;
  const auto from = at_;
  while (at_ < text_.size()) {
    const auto c = code_point_at(text_, at_);
    const auto is = classify(c.value).is;
    if (is > kind::line_end)
      break;
    lines += is == kind::line_end ? 1 : 0;
    at_ += c.length;
  }
  if (lines > 0 || from == 0)
    return lines == 1 ? gap::line_end : gap::blank_line;
  return at_ > from ? gap::space : gap::nothing;
}

bool tokeniser::next(token& out) noexcept {
  const auto before = skip_white_space();
  if (at_ >= text_.size())
    return false;
  out = {};
  out.begin = at_;
  out.before = before;
  out.starts_sentence = sentence_ended_ || before >= gap::line_end;
  const auto c = code_point_at(text_, at_);
  const auto [is, folded] = classify(c.value);
  if (belongs_to_word(is)) {
    read_word(text_, at_, out);
    sentence_ended_ = false;
  } else {
    read_other(folded, out);
    at_ += c.length;
    sentence_ended_ = ends_sentence(folded) || (sentence_ended_ && folded != ',');
  }
  out.end = at_;
  return true;
}

void mark_lists(std::span<token> tokens, const gazetteers& lists) noexcept {
  const auto add = [&](std::size_t i, std::size_t words, word_lists found) {
    for (std::size_t k = 0; k < words; ++k)
      tokens[i + k].lists |=
        static_cast<word_lists>(found | (k > 0 ? word_list_flag::phrase_part : word_lists{0}));
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto [word_in, begins_phrase] = lists.find(tokens[i].word);
    tokens[i].lists |= word_in;
    if (!begins_phrase || i + 1 >= tokens.size())
      continue;
    const auto two = mix(tokens[i].word, tokens[i + 1].word);
    if (const auto found = lists.find(two).lists; found != 0)
      add(i, 2, found);
    if (i + 2 >= tokens.size())
      continue;
    if (const auto found = lists.find(mix(two, tokens[i + 2].word)).lists; found != 0)
      add(i, 3, found);
  }
}

casing casing_of(std::span<const token> tokens) noexcept {
  const auto is = [&](auto member) {
    return static_cast<std::size_t>(std::ranges::count_if(tokens, member));
  };
  const auto words = is([](const token& t) { return t.is_word; });
  const auto big = is([](const token& t) { return t.starts_big; });
  const auto all_big = is([](const token& t) { return t.all_big; });
  if (words < 3)
    return casing::unknown;
  if (big == 0)
    return casing::small;
  if (4 * all_big >= 3 * words)
    return casing::capitals;
  return 4 * big >= 3 * words ? casing::titled : casing::mixed;
}

} // namespace guardrails::checks::tagger
