// Manifests of Kubernetes secrets: the values under `data` or `stringData` of a document of the kind Secret.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/base64.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_format.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

namespace {

// The part of the text around `kind` in which the document's other lines are looked for.
constexpr std::size_t most_document = 8'192;

// Base64 of a value that is more than a name.
constexpr std::size_t least_value = 12;

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r'\"");
  if (first == std::string_view::npos)
    return {};
  return line.substr(first, line.find_last_not_of(" \t\r'\"") - first + 1);
}

bool is_secret_value(std::string_view value) {
  return value.size() >= least_value && value.size() % 4 == 0 && decode_base64(value).has_value();
}

// The document that holds `pos`: between lines of `---`, no further than allowed.
match_range document_around(std::string_view text, std::size_t pos) {
  const auto from = pos - std::min(pos, most_document / 2);
  const auto start = text.substr(from, pos - from).rfind("\n---");
  const auto end = text.substr(pos, most_document / 2).find("\n---");
  return {start == std::string_view::npos ? from : from + start + 4,
          end == std::string_view::npos ? std::min(text.size(), pos + most_document / 2) : pos + end};
}

// The first value of `data`, which stands on the line of its name or, after `|` or `>`, on the next.
std::optional<match_range> find_value(std::string_view text, match_range document) {
  auto data_indent = std::string_view::npos; // npos: outside
  for (auto begin = document.begin; begin < document.end;) {
    const auto end = std::min(text.find('\n', begin), document.end);
    const auto line = text.substr(begin, end - begin);
    const auto word = trimmed(line);
    const auto indent = std::min(line.find_first_not_of(" \t"), line.size());
    if (word == "data:" || word == "stringData:") {
      data_indent = indent;
    } else if (!word.empty() && !word.starts_with('#') && indent <= data_indent) {
      data_indent = std::string_view::npos;
    } else if (data_indent != std::string_view::npos) {
      const auto colon = word.find(": ");
      const auto value = trimmed(colon == std::string_view::npos ? word : word.substr(colon + 2));
      if (is_secret_value(value)) {
        const auto at = static_cast<std::size_t>(value.data() - text.data());
        return match_range{at, at + value.size()};
      }
    }
    begin = end + 1;
  }
  return std::nullopt;
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
  const auto value = find_value(text, document);
  if (!value)
    return {std::nullopt, document.end};
  return {secret{*value, "KUBERNETES_SECRET", "kubernetes_secret", certain},
          std::max(value->end, document.end)};
}

} // namespace

secret_form kubernetes_secret_form() {
  return {"kubernetes_secret", "kind[\"']?:", verify};
}

} // namespace guardrails::checks::secrets
