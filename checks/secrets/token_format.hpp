// A row of the tables of secrets: what a token of one vendor looks like.
#pragma once

#include <span>
#include <string_view>

namespace guardrails::checks::secrets {

/// How sure a token's form alone makes. A doubtful one counts only where the text before it speaks of keys.
inline constexpr double certain = 0.95;
inline constexpr double doubtful = 0.45;

/// A token that starts with a literal. Nothing of its alphabet may stand right before or after it.
struct token_format {
  std::string_view entity;  ///< stable name, as GITHUB_TOKEN
  std::string_view prefix;  ///< at least two ASCII characters
  std::string_view rest;    ///< RE2, of bounded width, of what follows the prefix
  double least_entropy = 3; ///< bits a character of what follows the prefix; 0: any
  double score = certain;   ///< before context
};

// One function per family, each in its own file. Prefixes, lengths and alphabets are from the vendors' own
// documentation and announcements of their token formats.
std::span<const token_format> cloud_tokens();
std::span<const token_format> code_hosting_tokens();
std::span<const token_format> language_model_tokens();
std::span<const token_format> payment_tokens();
std::span<const token_format> messaging_tokens();
std::span<const token_format> monitoring_tokens();
std::span<const token_format> application_tokens();

} // namespace guardrails::checks::secrets
