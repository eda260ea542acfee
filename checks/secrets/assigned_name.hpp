// The name a value is assigned to: whether it announces a secret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::secrets {

/// What a name announces.
enum class announced : std::uint8_t {
  nothing,
  password, ///< chosen by a person: may be short
  token,    ///< made by a program: a token, a secret, a credential, a key for an interface
  key,      ///< called a key and no more, which may as well be one of a table
};

/// A name taken apart.
struct assigned_name {
  announced what = announced::nothing;
  bool has_owner = false; ///< it also says whose secret
  std::string letters;    ///< small, without separators
};

/// Takes `myApi_key-2` apart at separators and changes of case and judges its words. Names of what is about a
/// secret, such as `token_url`, announce nothing.
assigned_name read_name(std::string_view name);

} // namespace guardrails::checks::secrets
