// Builds the automaton breadth first from the sorted list, and walks it over a text.
#include "checks/word_list.hpp"

#include "checks/normalise.hpp"
#include "checks/rail.hpp"
#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/ascii.hpp>
#include <guardrails/errors.hpp>
#include <guardrails/utf8.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

constexpr char32_t any_space = ' ';

std::string_view trimmed(std::string_view word) {
  while (!word.empty() && is_space(decode_at(word, 0).value))
    word.remove_prefix(decode_at(word, 0).length);
  while (!word.empty() && is_space(decode_before(word, word.size()).value))
    word.remove_suffix(decode_before(word, word.size()).length);
  return word;
}

constexpr std::size_t most_underscores = 3; // of emphasis

// Two word characters side by side belong to one word.
bool is_boundary(std::string_view text, std::size_t pos) {
  return !is_spaced_word_character(decode_before(text, pos).value) ||
         !is_spaced_word_character(decode_at(text, pos).value);
}

// The same, or underscores stand there that emphasise the word: `_word_`.
bool begins_word(std::string_view text, std::size_t pos) {
  auto begin = pos;
  while (begin > 0 && pos - begin < most_underscores && text[begin - 1] == '_')
    --begin;
  return is_boundary(text, pos) ||
         (begin < pos && !is_spaced_word_character(decode_before(text, begin).value));
}

bool ends_word(std::string_view text, std::size_t pos) {
  auto end = pos;
  while (end < text.size() && end - pos < most_underscores && text[end] == '_')
    ++end;
  return is_boundary(text, pos) || (pos < end && !is_spaced_word_character(decode_at(text, end).value));
}

bool cuts_number(std::string_view text, std::size_t pos) {
  return pos > 0 && pos < text.size() && is_digit(text[pos - 1]) && is_digit(text[pos]);
}

void check_word(std::string_view word, const std::string& key_path) {
  if (word.size() > word_list::max_word_bytes)
    throw config_error({}, key_path,
                       "a word of more than " + std::to_string(word_list::max_word_bytes) + " bytes");
  if (find_invalid_utf8(word) != std::string_view::npos)
    throw config_error({}, key_path, "not valid UTF-8");
}

// As the texts are, in which it is looked for.
std::string normalised_word(std::string_view word, const std::string& key_path) {
  check_word(word, key_path);
  const auto normalised = normalise(word, lookalikes::in_mixed_words, emphasis::keep);
  const auto inner = trimmed(normalised.text());
  if (inner.empty())
    throw config_error({}, key_path, "an empty word");
  return std::string{inner};
}

} // namespace

word_list::word_list(std::span<const std::string> words, const std::string& key_path, word_edges edges,
                     word_case letters)
  : edges_{edges}
  , case_{letters} {
  if (words.size() > max_words)
    throw config_error({}, key_path, "more than " + std::to_string(max_words) + " words");
  std::vector<std::pair<spelling, std::uint32_t>> spellings;
  spellings.reserve(words.size());
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    spellings.emplace_back(spell(normalised_word(words[i], key_path + "[" + std::to_string(i) + "]")), i);
    longest_ = std::max(longest_, spellings.back().first.size());
  }
  std::ranges::sort(spellings);
  for (const auto& [c, s] : symbols_)
    if (c < ascii_symbols_.size())
      ascii_symbols_[c] = s;
  for (char32_t c = 'A'; c <= 'Z' && case_ == word_case::ignored; ++c)
    ascii_symbols_[c] = ascii_symbols_[folded(c)];
  for (char32_t c = 0; c < 0x80; ++c)
    if (is_space(c))
      ascii_symbols_[c] = ascii_symbols_[any_space];
  build_trie(spellings);
  build_fallbacks();
}

word_list::spelling word_list::spell(std::string_view word) {
  spelling spelled;
  bool after_space = false;
  for (std::size_t pos = 0; pos < word.size();) {
    const auto c = decode_at(word, pos);
    pos += c.length;
    const auto space = is_space(c.value);
    if (space && after_space)
      continue;
    after_space = space;
    auto& s = symbols_[space ? any_space : folded(c.value)];
    if (s == 0)
      s = ++last_symbol_;
    spelled.push_back(s);
  }
  return spelled;
}

void word_list::build_trie(const std::vector<std::pair<spelling, std::uint32_t>>& sorted) {
  struct range {
    std::size_t begin;
    std::size_t end;
  };
  std::vector<range> ranges{{0, sorted.size()}}; // of words that share the state's prefix
  symbol_.push_back(0);
  depth_.push_back(0);
  for (state s = 0; s < ranges.size(); ++s) {
    auto [begin, end] = ranges[s];
    const auto depth = depth_[s];
    first_child_.push_back(static_cast<state>(ranges.size()));
    word_.push_back(none);
    for (; begin < end && sorted[begin].first.size() == depth; ++begin)
      if (word_[s] == none)
        word_[s] = sorted[begin].second;
    while (begin < end) {
      const auto next = sorted[begin].first[depth];
      auto last = begin;
      while (last < end && sorted[last].first[depth] == next)
        ++last;
      ranges.push_back({begin, last});
      symbol_.push_back(next);
      depth_.push_back(depth + 1);
      begin = last;
    }
  }
  first_child_.push_back(static_cast<state>(ranges.size()));
}

void word_list::build_fallbacks() {
  root_children_.assign(last_symbol_ + 1, 0);
  for (auto s = first_child_[0]; s < first_child_[1]; ++s)
    root_children_[symbol_[s]] = s;
  fallback_.assign(symbol_.size(), 0);
  shorter_.assign(symbol_.size(), 0);
  for (state parent = 0; parent < symbol_.size(); ++parent)
    for (auto s = first_child_[parent]; s < first_child_[parent + 1]; ++s) {
      fallback_[s] = parent == 0 ? 0 : step(fallback_[parent], symbol_[s]);
      shorter_[s] = word_[fallback_[s]] != none ? fallback_[s] : shorter_[fallback_[s]];
    }
}

bool word_list::may_begin_at(std::string_view text, std::size_t pos) const {
  return edges_ == word_edges::boundaries ? begins_word(text, pos) : !cuts_number(text, pos);
}

bool word_list::may_end_at(std::string_view text, std::size_t pos) const {
  return edges_ == word_edges::boundaries ? ends_word(text, pos) : !cuts_number(text, pos);
}

char32_t word_list::folded(char32_t c) const noexcept {
  return case_ == word_case::ignored ? fold_case(c) : c;
}

std::size_t word_list::memory() const noexcept {
  constexpr auto symbol_entry = sizeof(decltype(symbols_)::value_type) + 2 * sizeof(void*);
  const auto numbers = first_child_.size() + symbol_.size() + fallback_.size() + word_.size() +
                       shorter_.size() + depth_.size() + root_children_.size();
  return sizeof(*this) + numbers * sizeof(state) + symbols_.size() * symbol_entry;
}

word_list::symbol word_list::symbol_of(char32_t c) const {
  if (c < ascii_symbols_.size())
    return ascii_symbols_[c];
  const auto found = symbols_.find(is_space(c) ? any_space : folded(c));
  return found != symbols_.end() ? found->second : 0;
}

word_list::state word_list::child(state from, symbol s) const {
  if (from == 0)
    return root_children_[s];
  const auto begin = symbol_.begin() + first_child_[from];
  const auto end = symbol_.begin() + first_child_[from + 1];
  const auto found = std::lower_bound(begin, end, s);
  return found != end && *found == s ? static_cast<state>(found - symbol_.begin()) : 0;
}

word_list::state word_list::step(state from, symbol s) const {
  if (s == 0)
    return 0;
  for (;; from = fallback_[from]) {
    if (const auto next = child(from, s); next != 0)
      return next;
    if (from == 0)
      return 0;
  }
}

std::vector<word_match> word_list::find_all(std::string_view text, std::size_t limit) const {
  std::vector<word_match> matches;
  std::vector<std::size_t> starts(longest_ + 1); // of the last symbols, as a ring
  std::size_t symbols = 0;
  bool after_space = false;
  state s = 0;
  // Ends only grow, so a match can cover earlier ones and never the other way round.
  const auto add = [&](match_range where, std::uint32_t word) {
    while (!matches.empty() && matches.back().where.begin >= where.begin)
      matches.pop_back();
    matches.push_back({where, word});
  };
  for (std::size_t pos = 0; pos < text.size();) {
    const auto byte = static_cast<unsigned char>(text[pos]);
    const auto c = byte < 0x80 ? code_point{byte, 1} : decode_at(text, pos);
    const auto begin = pos;
    pos += c.length;
    const auto space = is_space(c.value);
    if (space && after_space)
      continue;
    after_space = space;
    s = step(s, symbol_of(c.value));
    starts[symbols++ % starts.size()] = begin;
    if (s == 0 || !(word_[s] != none || shorter_[s] != 0) || !may_end_at(text, pos))
      continue;
    for (auto w = word_[s] != none ? s : shorter_[s]; w != 0; w = shorter_[w]) {
      const auto start = starts[(symbols - depth_[w]) % starts.size()];
      if (!may_begin_at(text, start))
        continue;
      add({start, pos}, word_[w]);
      break;
    }
    if (matches.size() > limit)
      break;
  }
  if (matches.size() > limit)
    matches.resize(limit);
  return matches;
}

std::vector<word_match> word_list::find_bounded(std::string_view text) const {
  auto matches = find_all(text, most_matches + 1);
  if (matches.size() > most_matches)
    matches.back().where.end = text.size();
  return matches;
}

} // namespace guardrails::checks
