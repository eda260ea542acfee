// A parser by recursive descent, and what can be told from the tree.
#include "checks/bounded_expression.hpp"

#include "checks/utf8.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

constexpr char32_t last_code_point = 0x10FFFF;
constexpr char32_t first_non_ascii = 0x80;
constexpr std::size_t most_nodes = 20'000;
constexpr std::size_t deepest = 50;

/// Why an expression is not taken; ends the descent.
struct refusal {
  std::string reason;
};

void normalise_ranges(code_point_ranges& ranges) {
  std::ranges::sort(ranges);
  code_point_ranges merged;
  for (const auto& [first, last] : ranges) {
    if (!merged.empty() && first <= merged.back().second + 1)
      merged.back().second = std::max(merged.back().second, last);
    else
      merged.emplace_back(first, last);
  }
  ranges = std::move(merged);
}

code_point_ranges complement(code_point_ranges ranges) {
  normalise_ranges(ranges);
  code_point_ranges rest;
  char32_t next = 0;
  for (const auto& [first, last] : ranges) {
    if (first > next)
      rest.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= last_code_point)
    rest.emplace_back(next, last_code_point);
  return rest;
}

std::size_t utf8_length(char32_t c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

// Letters of Latin-1 that have exactly one other case, 0x20 apart.
bool has_plain_case(char32_t c) {
  const auto upper = c & ~char32_t{0x20};
  return upper >= 0xC0 && upper <= 0xDE && upper != 0xD7 && upper != 0xC5;
}

// Signs of Latin-1; spaces, dashes and the like; arrows and signs of mathematics.
bool has_no_case(char32_t c) {
  constexpr char32_t micro = 0xB5;
  return (c >= first_non_ascii && c < 0xC0 && c != micro) || (c >= 0x2000 && c <= 0x206F) ||
         (c >= 0x2190 && c <= 0x23FF);
}

// Adds the other cases, as RE2 folds them: `k` is also the Kelvin sign, `s` the long s.
void fold(code_point_ranges& ranges) {
  constexpr char32_t kelvin = 0x212A;
  constexpr char32_t long_s = 0x17F;
  code_point_ranges more;
  for (const auto& [first, last] : ranges) {
    for (char32_t c = first; c <= std::min<char32_t>(last, 'z'); ++c) {
      const auto lower = c | char32_t{0x20};
      if (lower < 'a' || lower > 'z')
        continue;
      more.emplace_back(lower, lower);
      more.emplace_back(lower - 0x20, lower - 0x20);
      if (lower == 'k')
        more.emplace_back(kelvin, kelvin);
      if (lower == 's')
        more.emplace_back(long_s, long_s);
    }
    if (last < first_non_ascii)
      continue;
    if (first <= first_non_ascii && last == last_code_point) { // the others have their cases in the range
      more.insert(more.end(), {{'k', 'k'}, {'K', 'K'}, {'s', 's'}, {'S', 'S'}});
      continue;
    }
    for (auto c = std::max(first, first_non_ascii); c <= last; ++c) {
      if (has_no_case(c))
        continue;
      if (!has_plain_case(c))
        throw refusal{"upper and lower case of such a character"};
      more.emplace_back(c ^ 0x20, c ^ 0x20);
    }
  }
  ranges.insert(ranges.end(), more.begin(), more.end());
}

class parser {
public:
  explicit parser(std::string_view text)
    : text_{text} {}

  expression_node all() {
    auto node = alternatives(false);
    if (!at_end())
      throw refusal{"a `)` too many"};
    return node;
  }

  bool exact() const noexcept { return exact_; }

private:
  bool at_end() const noexcept { return pos_ >= text_.size(); }
  bool looking_at(std::string_view what) const { return text_.substr(pos_).starts_with(what); }

  bool take(std::string_view what) {
    if (!looking_at(what))
      return false;
    pos_ += what.size();
    return true;
  }

  char32_t take_character() {
    const auto c = decode_at(text_, pos_);
    if (c.length == 0 || c.value == no_code_point)
      throw refusal{"an expression that is cut off"};
    pos_ += c.length;
    return c.value;
  }

  expression_node alternatives(bool folds) {
    if (++depth_ > deepest)
      throw refusal{"groups too deep"};
    expression_node node{.is = expression_node::kind::alternatives};
    do
      node.children.push_back(sequence(folds)); // `(?i)` holds up to the end of the group
    while (take("|"));
    --depth_;
    return node.children.size() == 1 ? std::move(node.children.front()) : std::move(node);
  }

  expression_node sequence(bool& folds) {
    expression_node node;
    while (!at_end() && !looking_at("|") && !looking_at(")")) {
      if (take("(?i)")) {
        folds = true;
        continue;
      }
      node.children.push_back(repeated(atom(folds)));
    }
    return node;
  }

  expression_node atom(bool folds) {
    if (++nodes_ > most_nodes)
      throw refusal{"too large"};
    if (take("(?:"))
      return group(folds);
    if (take("(?i:"))
      return group(true);
    if (looking_at("(?"))
      throw refusal{"named groups and flags other than (?i)"};
    if (take("("))
      return group(folds);
    if (take("\\b"))
      return {.is = expression_node::kind::word_boundary};
    if (take("["))
      return characters(in_brackets(folds));
    if (take("."))
      return characters(complement({{'\n', '\n'}}));
    if (looking_at("^") || looking_at("$"))
      throw refusal{"beginnings and ends of lines and texts"};
    auto ranges = looking_at("\\") ? escaped() : single();
    if (folds)
      fold(ranges);
    return characters(std::move(ranges));
  }

  expression_node group(bool folds) {
    auto node = alternatives(folds);
    if (!take(")"))
      throw refusal{"a group that is not closed"};
    return node;
  }

  expression_node repeated(expression_node of) {
    expression_node node{.is = expression_node::kind::repetition};
    if (take("?")) {
      node.most = 1;
    } else if (looking_at("*") || looking_at("+")) {
      throw refusal{"matches of any length"};
    } else if (take("{")) {
      node.least = count();
      node.most = node.least;
      if (looking_at(",}"))
        throw refusal{"matches of any length"};
      if (take(","))
        node.most = count();
      if (!take("}") || node.most < node.least)
        throw refusal{"such a count"};
    } else {
      return of;
    }
    if (looking_at("?") || looking_at("*") || looking_at("+") || looking_at("{"))
      throw refusal{"counts of counts and reluctant ones"};
    node.children.push_back(std::move(of));
    return node;
  }

  std::size_t count() {
    constexpr std::size_t most = 1'000; // RE2's own limit
    std::size_t value = 0;
    const auto begin = pos_;
    while (!at_end() && text_[pos_] >= '0' && text_[pos_] <= '9' && value <= most)
      value = 10 * value + static_cast<std::size_t>(text_[pos_++] - '0');
    if (pos_ == begin || value > most)
      throw refusal{"such a count"};
    return value;
  }

  static expression_node characters(code_point_ranges ranges) {
    normalise_ranges(ranges);
    return {.is = expression_node::kind::characters, .ranges = std::move(ranges)};
  }

  code_point_ranges single() {
    if (looking_at("{") || looking_at("?") || looking_at("*") || looking_at("+"))
      throw refusal{"a count of nothing"};
    const auto c = take_character();
    return {{c, c}};
  }

  code_point_ranges in_brackets(bool folds) {
    const bool negated = take("^");
    code_point_ranges ranges;
    for (bool first = true; first || !take("]"); first = false) {
      if (looking_at("[:"))
        throw refusal{"classes with names"};
      auto part = looking_at("\\") ? escaped() : literal();
      if (looking_at("-") && !looking_at("-]")) {
        ++pos_;
        const auto last = looking_at("\\") ? escaped() : literal();
        if (part.size() != 1 || last.size() != 1 || part[0].first != part[0].second ||
            last[0].first != last[0].second)
          throw refusal{"such a range"};
        part[0].second = last[0].second;
      }
      ranges.insert(ranges.end(), part.begin(), part.end());
    }
    if (folds)
      fold(ranges);
    return negated ? complement(std::move(ranges)) : ranges;
  }

  code_point_ranges literal() {
    const auto c = take_character();
    return {{c, c}};
  }

  code_point_ranges escaped() {
    ++pos_;
    const auto c = take_character();
    const code_point_ranges digits{{'0', '9'}};
    const code_point_ranges word{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
    const code_point_ranges space{{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
    switch (c) {
    case 'd':
      return digits;
    case 'D':
      return complement(digits);
    case 'w':
      return word;
    case 's':
      return space;
    case 'S':
      return complement(space);
    case 't':
      return {{'\t', '\t'}};
    case 'n':
      return {{'\n', '\n'}};
    case 'r':
      return {{'\r', '\r'}};
    case 'x':
      return hexadecimal();
    case 'p':
      return of_unicode();
    default:
      if (c >= first_non_ascii || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        throw refusal{"such an escape"};
      return {{c, c}};
    }
  }

  code_point_ranges hexadecimal() {
    const bool braced = take("{");
    char32_t value = 0;
    for (int digits = 0; braced ? !take("}") : digits < 2; ++digits) {
      const auto c = take_character();
      const auto lower = c | char32_t{0x20};
      if (digits == 6 || !((c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f')))
        throw refusal{"such an escape"};
      value = 16 * value + (c <= '9' ? c - '0' : lower - 'a' + 10);
    }
    if (value > last_code_point)
      throw refusal{"such an escape"};
    return {{value, value}};
  }

  code_point_ranges of_unicode() {
    exact_ = false;
    const std::pair other{first_non_ascii, last_code_point};
    if (take("L"))
      return {{'A', 'Z'}, {'a', 'z'}, other};
    if (take("N"))
      return {{'0', '9'}, other};
    throw refusal{"this class of Unicode"};
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
  bool exact_ = true;
};

std::size_t width_of(const expression_node& node, width_unit unit) {
  constexpr std::size_t too_wide = std::size_t{1} << 20;
  std::size_t width = 0;
  switch (node.is) {
  case expression_node::kind::characters:
    if (node.ranges.empty())
      return 0;
    return unit == width_unit::bytes ? utf8_length(node.ranges.back().second) : 1;
  case expression_node::kind::word_boundary:
    return 0;
  case expression_node::kind::sequence:
    for (const auto& child : node.children)
      width = std::min(width + width_of(child, unit), too_wide);
    return width;
  case expression_node::kind::alternatives:
    for (const auto& child : node.children)
      width = std::max(width, width_of(child, unit));
    return width;
  case expression_node::kind::repetition:
    return std::min(node.most * width_of(node.children.front(), unit), too_wide);
  }
  return width;
}

// What the expression amounts to once its counts are written out.
std::size_t size_of(const expression_node& node) {
  std::size_t size = 1 + node.ranges.size();
  for (const auto& child : node.children)
    size = std::min(size + size_of(child), most_nodes + 1);
  return node.is == expression_node::kind::repetition ? std::min(size * node.most, most_nodes + 1) : size;
}

bool is_within(const code_point_ranges& ranges, const byte_set& set) {
  return !ranges.empty() && ranges.back().second < first_non_ascii &&
         std::ranges::all_of(ranges, [&](const auto& range) {
           for (auto c = range.first; c <= range.second; ++c)
             if (!set[c])
               return false;
           return true;
         });
}

} // namespace

parsed_expression parse_bounded(std::string_view expression, std::size_t most_width) {
  try {
    parser of{expression};
    bounded_expression parsed{of.all()};
    parsed.exact = of.exact();
    parsed.width = width_of(parsed.root, width_unit::bytes);
    if (size_of(parsed.root) > most_nodes)
      return {std::nullopt, "too large"};
    if (parsed.width > most_width)
      return {std::nullopt, "matches of more than " + std::to_string(most_width) + " bytes"};
    return {std::move(parsed), {}};
  } catch (const refusal& refused) {
    return {std::nullopt, refused.reason};
  }
}

std::optional<std::size_t> width_before(const expression_node& node, const byte_set& set, width_unit unit) {
  switch (node.is) {
  case expression_node::kind::characters:
    return is_within(node.ranges, set) ? std::optional<std::size_t>{0} : std::nullopt;
  case expression_node::kind::word_boundary:
    return std::nullopt;
  case expression_node::kind::sequence: {
    std::size_t before = 0;
    for (const auto& child : node.children) {
      if (const auto within = width_before(child, set, unit))
        return before + *within;
      before += width_of(child, unit);
    }
    return std::nullopt;
  }
  case expression_node::kind::alternatives: {
    std::size_t most = 0;
    for (const auto& child : node.children) {
      const auto within = width_before(child, set, unit);
      if (!within)
        return std::nullopt;
      most = std::max(most, *within);
    }
    return most;
  }
  case expression_node::kind::repetition:
    return node.least == 0 ? std::nullopt : width_before(node.children.front(), set, unit);
  }
  return std::nullopt;
}

} // namespace guardrails::checks
