// Where the authority of a URL ends (RFC 3986, 3.2), and how long a name and a password in it may be. Who
// looks for passwords and who must leave them alone have to agree on both.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails::checks {

inline constexpr std::size_t longest_user = 128;
inline constexpr std::size_t longest_password = 512;

/// Characters that no authority holds, and those that end one in code and prose.
constexpr bool ends_authority(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' ||
         std::string_view{"/?#\"'`<>\\{}()$"}.find(c) != std::string_view::npos;
}

} // namespace guardrails::checks
