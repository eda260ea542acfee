// Manifests of Kubernetes secrets: the values under `data` or `stringData` of a document of the kind Secret.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/base64.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_format.hpp"
#include "checks/secrets/unescaped.hpp"

#include <algorithm>
#include <cstdint>

namespace guardrails::checks::secrets {

namespace {

// The part of the text around `kind` in which the document's other lines are looked for.
constexpr std::size_t most_document = 131'072;

// Base64 of a value that is more than a name, and such a value as it is.
constexpr std::size_t least_value = 12;
constexpr std::size_t least_plain_value = 6;

enum class section : std::uint8_t { other, data, string_data };

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r'\"");
  if (first == std::string_view::npos)
    return {};
  return line.substr(first, line.find_last_not_of(" \t\r'\"") - first + 1);
}

std::string_view without_comment(std::string_view line) {
  return trimmed(line.substr(0, line.find(" #")));
}

// The value of `name: value`, or a line of a block, without quotes or the comment behind it.
std::string_view value_of(std::string_view word) {
  const auto colon = word.find(": ");
  auto value = colon == std::string_view::npos ? word : word.substr(colon + 2);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  if (!value.starts_with('"') && !value.starts_with('\''))
    return without_comment(value);
  const auto quote = value.substr(0, 1);
  value.remove_prefix(1);
  return value.substr(0, quote == "'" ? value.find(quote) : find_unescaped(value, quote));
}

bool is_encoded_secret(std::string_view value) {
  return value.size() >= least_value && value.size() % 4 == 0 && decode_base64(value).has_value();
}

// Letters only are a name, as that of a user.
bool is_plain_secret(std::string_view value) {
  return value.size() >= least_plain_value && !value.ends_with(':') && !is_filler(value) &&
         !is_placeholder(value) && !std::ranges::all_of(value, [](char c) { return is_ascii_letter(c); });
}

bool is_secret_line(section where, std::string_view word, std::string_view value) {
  return where == section::data ? is_encoded_secret(value)
                                : where == section::string_data && word[0] != '#' && is_plain_secret(value);
}

section opened_by(std::string_view word) {
  const auto name = without_comment(word);
  if (name == "data:")
    return section::data;
  return name == "stringData:" ? section::string_data : section::other;
}

// The document that holds `pos`: between lines of `---`, no further than allowed.
match_range document_around(std::string_view text, std::size_t pos) {
  const auto from = pos - std::min(pos, most_document / 2);
  const auto start = text.substr(from, pos - from).rfind("\n---");
  const auto end = text.substr(pos, most_document / 2).find("\n---");
  return {start == std::string_view::npos ? from : from + start + 4,
          end == std::string_view::npos ? std::min(text.size(), pos + most_document / 2) : pos + end};
}

// The values, each of which stands on the line of its name or, after `|` or `>`, on the next ones.
std::vector<secret> find_values(std::string_view text, match_range document) {
  std::vector<secret> found;
  auto here = section::other;
  std::size_t section_indent = 0;
  for (auto begin = document.begin; begin < document.end;) {
    const auto end = std::min(text.find('\n', begin), document.end);
    const auto line = text.substr(begin, end - begin);
    begin = end + 1;
    const auto word = trimmed(line);
    if (word.empty())
      continue;
    const auto indent = line.find_first_not_of(" \t");
    if (here == section::other || (indent <= section_indent && word[0] != '#')) {
      here = opened_by(word);
      section_indent = indent;
      continue;
    }
    const auto value = value_of(word);
    if (!is_secret_line(here, word, value))
      continue;
    const auto at = static_cast<std::size_t>(value.data() - text.data());
    found.push_back({{at, at + value.size()}, "KUBERNETES_SECRET", "kubernetes_secret", certain});
  }
  return found;
}

bool names_secret(std::string_view text, std::size_t pos) {
  const auto line = text.substr(pos, 32);
  const auto kind = trimmed(line.substr(0, line.find('\n')));
  return equals_folded(kind, "secret");
}

secret_verdict verify(std::string_view text, match_range candidate) {
  if (!names_secret(text, candidate.end))
    return {std::nullopt, candidate.end};
  const auto document = document_around(text, candidate.begin);
  return {std::nullopt, document.end, find_values(text, document)};
}

} // namespace

secret_form kubernetes_secret_form() {
  return {"kubernetes_secret", "kind[\"']?:", verify};
}

} // namespace guardrails::checks::secrets
