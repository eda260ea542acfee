// Finds where a target begins and ends, then drops what a browser drops.
#include "checks/urls/link_target.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks::urls {

namespace {

constexpr std::size_t longest_target = 4'096; // bytes looked at
constexpr std::size_t longest_unquoted = 512; // which hold nothing that a browser drops: the host is enough
constexpr std::size_t longest_attribute = 10;
constexpr std::size_t most_blanks = 64; // around `=`

bool is_blank(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ';
}

bool is_dropped(char c) noexcept {
  return c == '\t' || c == '\r' || c == '\n';
}

bool is_slash(char c) noexcept {
  return c == '/' || c == '\\';
}

std::size_t skip_blanks(std::string_view text, std::size_t at, std::size_t most) noexcept {
  const auto limit = std::min(text.size(), at + std::min(most, text.size() - at));
  while (at < limit && is_blank(text[at]))
    ++at;
  return at;
}

// Attributes that lead somewhere or load something.
bool is_link_attribute(std::string_view text, std::size_t equals) {
  constexpr auto names = std::to_array<std::string_view>(
    {"action", "background", "cite", "data", "formaction", "href", "ping", "poster", "src", "srcset"});
  auto end = equals;
  while (end > 0 && equals - end < most_blanks && is_blank(text[end - 1]))
    --end;
  std::string name;
  while (end > 0 && name.size() <= longest_attribute && (text[end - 1] | 0x20) >= 'a' &&
         (text[end - 1] | 0x20) <= 'z')
    name.insert(name.begin(), static_cast<char>(text[--end] | 0x20));
  return std::ranges::find(names, name) != names.end();
}

bool begins_with_slashes(std::string_view text, std::size_t at) {
  return at + 1 < text.size() && is_slash(text[at]) && is_slash(text[at + 1]);
}

link_target nothing(std::size_t resume) {
  return {{}, {}, false, false, resume};
}

// Those that are read as they are written are found without this.
link_target read(std::string_view text, match_range where, bool closed, std::size_t resume) {
  const auto written = text.substr(where.begin, where.end - where.begin);
  if (!begins_with_slashes(written, 0) && std::ranges::none_of(written, is_blank))
    return nothing(resume);
  link_target target{{}, where, false, closed, resume};
  auto rest = written.substr(first_visible(written, 0));
  while (!rest.empty() && is_blank(rest.back()))
    rest.remove_suffix(1);
  std::ranges::remove_copy_if(rest, std::back_inserter(target.seen), is_dropped);
  target.broken = target.seen.size() < rest.size();
  return target;
}

} // namespace

std::size_t first_visible(std::string_view text, std::size_t begin) noexcept {
  return skip_blanks(text, begin, text.size());
}

link_target html_target(std::string_view text, std::size_t equals) {
  const auto next = equals + 1;
  if (!is_link_attribute(text, equals))
    return nothing(next);
  auto begin = skip_blanks(text, next, most_blanks);
  const auto quote = begin < text.size() ? text[begin] : ' ';
  const bool quoted = quote == '"' || quote == '\'';
  begin += quoted ? 1 : 0;
  if (begin >= text.size() || (!quoted && !begins_with_slashes(text, begin)))
    return nothing(next);
  const auto ahead = text.substr(begin, quoted ? longest_target : longest_unquoted);
  const auto end = std::ranges::find_if(
    ahead, [&](char c) { return quoted ? c == quote : is_blank(c) || c == '>' || c == '"' || c == '\''; });
  return read(text, {begin, begin + static_cast<std::size_t>(end - ahead.begin())}, end != ahead.end(), next);
}

link_target markdown_target(std::string_view text, std::size_t bracket) {
  const auto next = bracket + 1;
  if (next >= text.size() || (text[next] != '(' && text[next] != ':'))
    return nothing(next);
  auto begin = first_visible(text, next + 1);
  const auto resume = begin;
  begin += begin < text.size() && text[begin] == '<' ? 1 : 0;
  if (!begins_with_slashes(text, begin))
    return nothing(resume);
  const auto ahead = text.substr(begin, longest_unquoted);
  const auto end = std::ranges::find_if(ahead, [](char c) { return is_blank(c) || c == ')' || c == '>'; });
  return read(text, {begin, begin + static_cast<std::size_t>(end - ahead.begin())}, false, resume);
}

} // namespace guardrails::checks::urls
