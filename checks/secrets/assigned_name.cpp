// The words of names.
#include "checks/secrets/assigned_name.hpp"

#include "checks/secrets/ascii.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks::secrets {

namespace {

constexpr auto password_endings =
  std::to_array<std::string_view>({"password", "passwd", "passphrase", "passcode", "pwd"});
constexpr auto password_words = std::to_array<std::string_view>({"pass", "pw", "psw"});

constexpr auto token_endings = std::to_array<std::string_view>(
  {"secret", "secrets", "secrete", "token", "apikey", "accesskey", "secretkey", "privatekey", "authkey",
   "credential", "credentials", "creds", "authtoken"});
constexpr auto token_words = std::to_array<std::string_view>({"cred", "auth", "login"});

// In front of `key`, and of what makes it one for an interface rather than one of a table.
constexpr auto key_owners = std::to_array<std::string_view>(
  {"api",     "access",      "secret",       "private", "auth",        "encryption", "signing", "license",
   "licence", "account",     "master",       "app",     "application", "service",    "client",  "deploy",
   "shared",  "integration", "subscription", "admin",   "rest",        "storage",    "insert",  "hmac",
   "webhook", "ssh",         "session",      "jwt",     "signature"});
constexpr auto table_keys = std::to_array<std::string_view>(
  {"public",  "primary",  "foreign",  "bucket", "schema",   "partition", "sort",        "cache",  "index",
   "idx",     "object",   "row",      "hash",   "unique",   "i18n",      "translation", "lookup", "map",
   "hot",     "shortcut", "resource", "config", "registry", "sync",      "group",       "item",   "data",
   "message", "event",    "property", "column", "field",    "routing",   "dedup"});

// Words after the one that announces: the value is about the secret, not the secret.
constexpr auto about = std::to_array<std::string_view>(
  {"id",       "ids",       "name",        "names",    "url",       "urls",       "uri",         "path",
   "file",     "files",     "dir",         "folder",   "length",    "len",        "size",        "count",
   "version",  "type",      "types",       "kind",     "algorithm", "alg",        "location",    "format",
   "prefix",   "suffix",    "policy",      "expiry",   "expires",   "expiration", "ttl",         "timeout",
   "header",   "headers",   "field",       "param",    "label",     "class",      "event",       "chars",
   "charset",  "hint",      "regex",       "pattern",  "manager",   "store",      "ring",        "word",
   "board",    "provider",  "endpoint",    "host",     "port",      "limit",      "budget",      "max",
   "min",      "usage",     "index",       "map",      "state",     "status",     "ref",         "rotation",
   "required", "enabled",   "valid",       "encoding", "method",    "config",     "hash",        "str",
   "variable", "var",       "placeholder", "prompt",   "issuer",    "audience",   "scope",       "scopes",
   "lifetime", "reset",     "visible",     "input",    "template",  "parameter",  "error",       "message",
   "server",   "service",   "property",    "address",  "domain",    "subject",    "environment", "env",
   "column",   "generator", "parser"});

// Words before `token`: a token of a page or a list, given to everybody.
constexpr auto public_tokens =
  std::to_array<std::string_view>({"csrf",         "xsrf",        "csrfmiddleware",
                                   "page",         "next",        "continuation",
                                   "pagination",   "sync",        "cursor",
                                   "authenticity", "antiforgery", "requestverification",
                                   "max",          "min",         "total",
                                   "prompt",       "completion",  "eos",
                                   "bos",          "pad",         "unk",
                                   "sep",          "cls",         "mask",
                                   "stop",         "special"});

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& set) {
  return std::ranges::find(set, word) != set.end();
}

template <std::size_t N>
bool ends_with_one_of(std::string_view word, const std::array<std::string_view, N>& set) {
  return std::ranges::any_of(set, [&](auto ending) { return word.ends_with(ending); });
}

bool is_capital(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

// `APIKey`: capitals belong together, except the one that a small letter follows.
bool begins_word(std::string_view name, std::size_t i) noexcept {
  if (!is_capital(name[i]))
    return false;
  const auto after = i + 1 < name.size() ? name[i + 1] : ' ';
  return !is_capital(name[i - 1]) || (is_ascii_letter(after) && !is_capital(after));
}

// `passWord` and `pass_phrase` are one word.
std::vector<std::string> joined(std::vector<std::string> words) {
  constexpr auto second_halves = std::to_array<std::string_view>({"word", "wd", "phrase", "code"});
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "pass" && is_one_of(words[i + 1], second_halves)) {
      words[i] += words[i + 1];
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  return words;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool open = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_letter_or_digit(name[i])) {
      open = false;
      continue;
    }
    if (!open || begins_word(name, i))
      words.emplace_back();
    open = true;
    words.back().push_back(ascii_lower(name[i]));
  }
  return joined(std::move(words));
}

announced announced_by_key(const std::vector<std::string>& words, std::size_t i) {
  if (i == 0)
    return announced::nothing;
  if (is_one_of(words[i - 1], key_owners))
    return announced::token;
  return is_one_of(words[i - 1], table_keys) || i + 1 < words.size() ? announced::nothing : announced::key;
}

announced announced_by(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  if (is_one_of(word, password_words) || ends_with_one_of(word, password_endings))
    return announced::password;
  if (word.ends_with("token") && i > 0 && is_one_of(words[i - 1], public_tokens))
    return announced::nothing;
  if (is_one_of(word, token_words) || ends_with_one_of(word, token_endings))
    return announced::token;
  if (word == "id" && i > 0 && words[i - 1] == "access")
    return announced::token;
  return word == "key" ? announced_by_key(words, i) : announced::nothing;
}

} // namespace

assigned_name read_name(std::string_view name) {
  const auto words = words_of(name);
  assigned_name result;
  std::size_t announcing = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    result.letters += words[i];
    const auto what = announced_by(words, i);
    if (what == announced::nothing) {
      if (result.what != announced::nothing && is_one_of(words[i], about))
        return {announced::nothing, false, {}};
      continue;
    }
    result.what = what;
    ++announcing;
  }
  const auto plain = std::ranges::count_if(words, [](const auto& w) {
    return w == "api" || w == "key" || w == "access" || w == "auth" || w == "my" || w == "the" || w == "user";
  });
  result.has_owner = words.size() > announcing + static_cast<std::size_t>(plain);
  return result;
}

} // namespace guardrails::checks::secrets
