// Splits what stands before a hit into words and compares them.
#include "checks/recognisers/context.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

constexpr std::array<std::string_view, 12> other_things{"order", "invoice", "tracking", "sku",
                                                        "isbn",  "serial",  "part",     "ticket",
                                                        "model", "parcel",  "item",     "batch"};
constexpr std::array<std::string_view, 6> number_words{"number", "no", "nr", "id", "code", "num"};

bool is_word_part(char32_t c) noexcept {
  return is_letter(c) || is_spaced_word_character(c);
}

std::string folded(std::string_view word) {
  std::string out;
  for (std::size_t pos = 0; pos < word.size();) {
    const auto c = decode_at(word, pos);
    append_utf8(out, fold_case(c.value));
    pos += c.length;
  }
  return out;
}

bool is_in_unspaced_script(std::string_view word) {
  const auto c = decode_at(word, 0).value;
  return is_letter(c) && !is_spaced_word_character(c);
}

template <std::size_t N>
bool one_of(const std::string& word, const std::array<std::string_view, N>& set) {
  return std::ranges::find(set, word) != set.end();
}

} // namespace

std::vector<std::string> words_before(std::string_view text, std::size_t begin) {
  std::vector<std::string> words;
  const auto limit = begin > context_bytes ? begin - context_bytes : 0;
  for (auto end = begin; end > limit && words.size() < context_tokens;) {
    auto start = end;
    for (; start > limit; start -= decode_before(text, start).length)
      if (!is_word_part(decode_before(text, start).value))
        break;
    start = next_boundary(text, start);
    if (start < end)
      words.push_back(folded(text.substr(start, end - start)));
    end = start > limit ? start - decode_before(text, start).length : limit;
  }
  return words;
}

std::vector<std::string> find_context(std::span<const std::string> words,
                                      std::span<const std::string_view> known) {
  std::vector<std::string> found;
  for (const auto& word : words)
    for (const auto name : known)
      if (word == name || (is_in_unspaced_script(name) && word.find(name) != std::string::npos)) {
        found.emplace_back(name);
        break;
      }
  return found;
}

bool names_other_number(std::span<const std::string> words) {
  if (words.empty())
    return false;
  return one_of(words[0], other_things) ||
         (words.size() > 1 && one_of(words[0], number_words) && one_of(words[1], other_things));
}

} // namespace guardrails::checks
