// One search for each form.
#include "checks/streaming/open_secrets.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>

namespace guardrails::checks::streaming {

namespace {

constexpr std::string_view dashes = "-----";
constexpr std::size_t longest_footer = 128;
constexpr std::size_t longest_quoted = 4'608;
constexpr std::size_t longest_document = 65'536; // before the line that names a manifest's kind

std::size_t after(std::string_view text, std::string_view what, std::size_t from) {
  const auto at = text.find(what, std::min(from, text.size()));
  return at == std::string_view::npos ? at : at + what.size();
}

// A key ends with the second dashes behind its header, and the footer that they begin.
bool armour_is_closed(std::string_view text, std::size_t header) {
  const auto label_end = after(text, dashes, header + dashes.size());
  const auto body_end = label_end == std::string_view::npos ? label_end : after(text, dashes, label_end);
  return body_end != std::string_view::npos && text.size() - body_end >= longest_footer;
}

std::size_t first_open_armour(std::string_view text) {
  for (auto at = text.find("-----BEGIN "); at != std::string_view::npos;
       at = text.find("-----BEGIN ", at + 1))
    if (!armour_is_closed(text, at))
      return at;
  return text.size();
}

std::size_t first_open_file(std::string_view text) {
  constexpr std::string_view header = "PuTTY-User-Key-File-";
  for (auto at = text.find(header); at != std::string_view::npos; at = text.find(header, at + 1))
    if (text.find(dashes, at) == std::string_view::npos)
      return at;
  return text.size();
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view blank = " \t\r'\"";
  const auto first = line.find_first_not_of(blank);
  if (first == std::string_view::npos)
    return {};
  return line.substr(first, line.find_last_not_of(blank) - first + 1);
}

bool opens_values(std::string_view line) {
  const auto word = trimmed(line.substr(0, line.find(" #")));
  return word == "data:" || word == "stringData:";
}

// The line that makes a document a secret may stand behind its values.
std::size_t first_open_manifest(std::string_view text) {
  auto open = text.size();
  const auto first = text.size() - std::min(text.size(), longest_document);
  for (auto begin = first == 0 ? 0 : std::min(text.find('\n', first), text.size() - 1) + 1;
       begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    if (line.starts_with("---"))
      open = text.size();
    else if (open == text.size() && opens_values(line))
      open = begin;
    begin = end + 1;
  }
  return open;
}

bool is_quote(char c) noexcept {
  return c == '"' || c == '\'' || c == '`';
}

// A quotation ends on its line.
std::size_t first_open_quotation(std::string_view text) {
  const auto line = text.rfind('\n') + 1; // npos + 1 is 0
  auto at = std::max(line, text.size() - std::min(text.size(), longest_quoted));
  for (; at < text.size(); ++at) {
    if (!is_quote(text[at]) || (at > 0 && is_letter_or_digit(text[at - 1])))
      continue;
    const auto end = text.find(text[at], at + 1);
    if (end == std::string_view::npos)
      return at;
    at = end;
  }
  return text.size();
}

} // namespace

std::size_t first_open_secret(std::string_view text) {
  return std::min(
    {first_open_armour(text), first_open_file(text), first_open_manifest(text), first_open_quotation(text)});
}

} // namespace guardrails::checks::streaming
