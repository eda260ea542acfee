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

bool is_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x80;
}

std::size_t length_before(std::string_view text, std::size_t end) {
  return is_ascii(text[end - 1]) ? 1 : decode_before(text, end).length;
}

// Length of the part of a word that ends before byte `end`, 0 if there is none.
std::size_t word_part_before(std::string_view text, std::size_t end) {
  const auto last = text[end - 1];
  if (is_ascii(last)) {
    const bool belongs = (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z') ||
                         (last >= '0' && last <= '9') || last == '_';
    return belongs ? 1 : 0;
  }
  const auto c = decode_before(text, end);
  return is_letter(c.value) || is_spaced_word_character(c.value) ? c.length : 0;
}

bool is_in_unspaced_script(std::string_view word) {
  if (word.empty() || is_ascii(word[0]))
    return false;
  const auto c = decode_at(word, 0).value;
  return is_letter(c) && !is_spaced_word_character(c);
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& set) {
  return std::ranges::find(set, word) != set.end();
}

void append_folded(std::string& out, std::string_view word) {
  for (std::size_t pos = 0; pos < word.size();) {
    if (is_ascii(word[pos])) {
      const auto c = word[pos++];
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
      continue;
    }
    const auto c = decode_at(word, pos);
    append_utf8(out, fold_case(c.value));
    pos += c.length;
  }
}

} // namespace

std::string folded(std::string_view word) {
  std::string out;
  append_folded(out, word);
  return out;
}

void nearest_words::read(std::string_view text, std::size_t begin) {
  folded_.clear();
  count_ = 0;
  all_ascii_ = true;
  const auto limit = begin > context_bytes ? begin - context_bytes : 0;
  for (auto end = begin; end > limit && count_ < context_tokens;) {
    auto start = end;
    while (start > limit) {
      const auto length = word_part_before(text, start);
      if (length == 0)
        break;
      start -= length;
    }
    start = next_boundary(text, start);
    if (start < end)
      add(text.substr(start, end - start));
    end = start > limit ? start - length_before(text, start) : limit;
  }
}

void nearest_words::add(std::string_view word) {
  all_ascii_ &= std::ranges::all_of(word, is_ascii);
  append_folded(folded_, word);
  ends_[count_++] = folded_.size();
}

std::vector<std::string> find_context(const nearest_words& words, std::span<const std::string> known) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = words[i];
    const auto name = std::ranges::find_if(known, [&](const std::string& k) {
      return word == k || (is_in_unspaced_script(k) && word.find(k) != std::string_view::npos);
    });
    if (name != known.end())
      found.push_back(*name);
  }
  return found;
}

bool names_other_number(const nearest_words& words) {
  if (words.empty())
    return false;
  return one_of(words[0], other_things) ||
         (words.size() > 1 && one_of(words[0], number_words) && one_of(words[1], other_things));
}

} // namespace guardrails::checks
