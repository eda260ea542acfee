// Secrets known by the name they are assigned to: passwords, tokens and keys of any vendor.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/assigned_name.hpp"
#include "checks/secrets/assigned_values.hpp"
#include "checks/secrets/assignment.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_format.hpp"
#include "checks/secrets/token_tables.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <memory>

namespace guardrails::checks::secrets {

namespace {

constexpr double likely = 0.75; // a value with a vendor's form behind a name of that vendor
constexpr double possible = 0.6;

constexpr std::size_t least_token = 18;
constexpr std::size_t least_key = 24;
constexpr std::size_t least_password = 6;
constexpr std::size_t longest_password = 128;

bool has(std::string_view text, bool (*property)(char) noexcept) {
  return std::ranges::any_of(text, property);
}

bool is_digit_character(char c) noexcept {
  return is_digit(c);
}
bool is_letter_character(char c) noexcept {
  return is_ascii_letter(c);
}
bool is_token_character(char c) noexcept {
  return is_base64url(c) || c == '.' || c == '+' || c == '/' || c == '=' || c == '~';
}
// Not those that join words and paths.
bool is_symbol(char c) noexcept {
  return std::string_view{"!#$%^&*+~?"}.find(c) != std::string_view::npos;
}

// `config.tokens.v1`, `app-token-v2`: words with a number here and there. In what a generator made, the kind
// of character changes every third one or so.
bool looks_generated(std::string_view value) {
  return kind_changes(value) * 5 >= value.size() && entropy(value) >= 2.95;
}

bool is_token(std::string_view value, std::size_t least, bool has_owner) {
  if (value.size() < least || !std::ranges::all_of(value, is_token_character))
    return false;
  if (is_uuid(value))
    return has_owner;
  return has(value, is_digit_character) && has(value, is_letter_character) && looks_generated(value);
}

// A quoted value with anything in it, as a careful person chooses.
bool is_mixture(std::string_view value) {
  return value.size() >= 10 && value.size() <= longest_password && has(value, is_letter_character) &&
         has(value, is_symbol) && value.find(' ') == std::string_view::npos && entropy(value) >= 3;
}

bool is_password(std::string_view value, bool quoted) {
  if (value.size() < least_password || value.size() > longest_password ||
      value.find_first_of(" \t") != std::string_view::npos)
    return false;
  const auto digit = has(value, is_digit_character);
  const auto letter = has(value, is_letter_character);
  if (value.find("://") != std::string_view::npos || value.find('@') != std::string_view::npos)
    return quoted && digit && letter && has(value, is_symbol);
  return digit ? letter || value.size() >= least_password : letter && has(value, is_symbol);
}

class value_table {
public:
  value_table() {
    for (const auto& row : assigned_values())
      rows_.push_back({row, std::make_unique<const RE2>(std::string{row.value})});
    for (const auto& format : all_token_formats())
      if (format.prefix.size() >= least_telling_prefix)
        prefixes_.push_back(format.prefix);
  }

  const assigned_value* owner_of(const assigned_name& name, std::string_view value) const {
    for (const auto& row : rows_)
      if (name.letters.find(row.format.owner) != std::string::npos &&
          RE2::FullMatch({value.data(), value.size()}, *row.value))
        return &row.format;
    return nullptr;
  }

  // Such a value is a vendor's token or nothing: the table of tokens has judged it.
  bool starts_like_a_token(std::string_view value) const {
    return std::ranges::any_of(prefixes_, [&](auto prefix) { return value.starts_with(prefix); });
  }

private:
  static constexpr std::size_t least_telling_prefix = 4;

  struct compiled_row {
    assigned_value format;
    std::unique_ptr<const RE2> value;
  };

  std::vector<compiled_row> rows_;
  std::vector<std::string_view> prefixes_;
};

// What the value is by its form alone.
std::optional<secret> recognise(const value_table& table, const assigned_name& name, std::string_view value,
                                const assigned_place& place) {
  if (const auto* row = table.owner_of(name, value))
    return secret{place.where, row->entity, "assigned_value", likely};
  if (name.what == announced::password)
    return is_password(value, place.quoted)
             ? std::optional{secret{place.where, "PASSWORD", "assignment", possible}}
             : std::nullopt;
  const auto least = name.what == announced::key ? least_key : least_token;
  if (is_token(value, least, name.has_owner) ||
      (place.quoted && name.what == announced::token && is_mixture(value)))
    return secret{place.where, "CREDENTIAL", "assignment", possible};
  return std::nullopt;
}

std::optional<secret> judge(const value_table& table, const assigned_name& name, std::string_view text,
                            const assigned_place& place) {
  const auto value = text.substr(place.where.begin, place.where.end - place.where.begin);
  if (value.empty() || place.is_code)
    return std::nullopt;
  const auto found = recognise(table, name, value, place);
  if (!found || is_filler(value) || table.starts_like_a_token(value) || is_placeholder(value))
    return std::nullopt;
  return found;
}

// `//registry.npmjs.org/:_authToken=`: the owner stands in front.
bool follows_registry(std::string_view text, std::size_t begin) {
  return begin > 2 && text.substr(begin - 2, 2) == "/:" && is_letter_or_digit(text[begin - 3]);
}

secret_verdict verify(const value_table& table, std::string_view text, match_range candidate) {
  const auto name = name_around(text, candidate);
  const search_step on{std::max(name.end, candidate.end)};
  if (name.begin == name.end)
    return {std::nullopt, on.resume};
  auto meant = read_name(text.substr(name.begin, name.end - name.begin));
  if (meant.what == announced::nothing)
    return {std::nullopt, on.resume};
  const auto place = value_after(text, name);
  if (!place)
    return {std::nullopt, on.resume};
  meant.has_owner = meant.has_owner || follows_registry(text, name.begin);
  auto found = judge(table, meant, text, *place);
  if (!found)
    return {std::nullopt, on.resume};
  found->where = whole(text, *place);
  return {found, found->where.end};
}

} // namespace

secret_form assignment_form() {
  const auto table = std::make_shared<const value_table>();
  return {"assignment", "(?i:pass|pwd|_pw|secret|token|key|cred|auth|login|access.?id)",
          [table](std::string_view text, match_range candidate) { return verify(*table, text, candidate); }};
}

} // namespace guardrails::checks::secrets
