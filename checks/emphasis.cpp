// Skips to each underscore and backslash and looks at the bytes on either side.
#include "checks/emphasis.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <optional>

namespace guardrails::checks {

namespace {

constexpr std::size_t nearby_bytes = 32;
constexpr std::size_t most_underscores = 3;       // of Markdown: ___both___
constexpr std::size_t longest_phrase = 256;       // that ends in a value
constexpr std::string_view leading_signs = "+(["; // of telephone numbers and addresses

bool is_part(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view{":.-"}.find(c) != std::string_view::npos;
}

// Whether the word that `text` begins with has a digit. An address may begin with an underscore of its own.
bool begins_with_value(std::string_view text) noexcept {
  text = text.substr(0, nearby_bytes);
  if (text.substr(0, text.find_first_of(" \t\n_\\")).find('@') != std::string_view::npos)
    return false;
  if (!text.empty() && leading_signs.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  const auto end = std::ranges::find_if_not(text, is_part);
  return !text.empty() && is_letter_or_digit(text.front()) &&
         std::find_if(text.begin(), end, is_digit) != end;
}

bool ends_with_value(std::string_view text) noexcept {
  text.remove_prefix(text.size() - std::min(text.size(), nearby_bytes));
  const auto end = std::find_if_not(text.rbegin(), text.rend(), is_part);
  return !text.empty() && is_letter_or_digit(text.back()) &&
         std::find_if(text.rbegin(), end, is_digit) != end;
}

bool is_escaped_space(std::string_view text, std::size_t backslash) noexcept {
  constexpr std::string_view letters = "nrt";
  if (text[backslash] != '\\' || backslash + 1 == text.size() ||
      letters.find(text[backslash + 1]) == std::string_view::npos)
    return false;
  auto rest = text.substr(backslash + 2);
  rest.remove_prefix(std::min(rest.find_first_not_of('_'), rest.size()));
  return begins_with_value(rest) || (!rest.empty() && rest.front() >= 'A' && rest.front() <= 'Z');
}

bool opens(std::string_view text, match_range underscores) {
  return underscores.end - underscores.begin <= most_underscores &&
         (!is_spaced_word_character(decode_before(text, underscores.begin).value) ||
          (underscores.begin > 1 && is_escaped_space(text, underscores.begin - 2)));
}

bool closes(std::string_view text, match_range underscores) {
  return underscores.end - underscores.begin <= most_underscores &&
         !is_spaced_word_character(decode_at(text, underscores.end).value);
}

void add_escapes(std::string_view text, std::vector<match_range>& found) {
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1))
    if (is_escaped_space(text, at))
      found.push_back({at, at + 2});
}

void add_underscores(std::string_view text, std::vector<match_range>& found) {
  std::optional<match_range> open; // before a word that is no value
  for (auto at = text.find('_'); at != std::string_view::npos;) {
    const match_range run{at, std::min(text.find_first_not_of('_', at), text.size())};
    const auto begins = opens(text, run);
    const auto ends = closes(text, run);
    const auto before_value = begins && begins_with_value(text.substr(run.end));
    const auto behind_value = ends && ends_with_value(text.substr(0, run.begin));
    if (behind_value && open && open->end - open->begin == run.end - run.begin &&
        run.begin - open->end <= longest_phrase)
      found.push_back(*open);
    if (before_value || behind_value)
      found.push_back(run);
    if (begins || ends)
      open = begins && !ends && !before_value ? std::optional{run} : std::nullopt;
    at = text.find('_', run.end);
  }
}

} // namespace

std::vector<match_range> find_emphasis(std::string_view text) {
  std::vector<match_range> found;
  add_escapes(text, found);
  add_underscores(text, found);
  return found;
}

} // namespace guardrails::checks
