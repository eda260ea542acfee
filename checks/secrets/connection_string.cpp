// Passwords in addresses: `scheme://name:password@host` (RFC 3986, 3.2.1), of databases, queues, repositories
// and web sites alike.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/url_authority.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks::secrets {

namespace {

constexpr std::size_t least_password = 3;
constexpr std::size_t least_token = 16;

// Passwords that stand for one in documentation.
bool stands_for_one(std::string_view password) {
  constexpr auto words = std::to_array<std::string_view>(
    {"pwd", "user", "username", "admin", "root", "postgres", "guest", "test", "mypass", "my_pass", "mypwd"});
  return is_placeholder(password) || is_filler(password) ||
         std::ranges::any_of(words, [&](auto word) { return equals_folded(password, word); });
}

secret_verdict verify(std::string_view text, match_range candidate) {
  const auto begin = candidate.end;
  const auto authority = text.substr(begin, longest_user + longest_password + 2);
  const auto length =
    static_cast<std::size_t>(std::ranges::find_if(authority, ends_authority) - authority.begin());
  const auto at = authority.substr(0, length).rfind('@');
  const auto resume = begin + std::max<std::size_t>(length, 1);
  if (at == std::string_view::npos)
    return {std::nullopt, resume};
  const auto colon = authority.substr(0, at).find(':');
  if (colon == std::string_view::npos)
    return {std::nullopt, resume};
  const auto user = authority.substr(0, colon);
  const auto password = authority.substr(colon + 1, at - colon - 1);
  // GitHub and others take a token for the name and a fixed word for the password.
  if (password == "x-oauth-basic" && user.size() >= least_token && !is_filler(user))
    return {secret{{begin, begin + colon}, "CONNECTION_STRING", "token_in_address", 1.0}, resume};
  if (password.size() < least_password || password == user || stands_for_one(password))
    return {std::nullopt, resume};
  return {secret{{begin + colon + 1, begin + at}, "CONNECTION_STRING", "password_in_address", 1.0}, resume};
}

} // namespace

secret_form connection_string_form() {
  return {"connection_string", "[A-Za-z0-9]://", verify};
}

} // namespace guardrails::checks::secrets
