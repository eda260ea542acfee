// Addresses of the web: with a scheme, or a bare host under a well-known top-level domain.
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

constexpr double with_scheme = 0.6;
constexpr double bare_host = 0.5;
constexpr double perhaps_code = 0.3;
constexpr std::size_t longest_host = 253; // RFC 1035, 2.3.4, without the final dot
constexpr std::size_t longest_user = 256;

bool is_host_character(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
}

bool ends_an_address(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' ||
         std::string_view{"\"'<>`{}|\\^"}.find(c) != std::string_view::npos;
}

std::size_t host_end(std::string_view text, std::size_t begin) {
  auto end = begin;
  while (end < text.size() && end - begin <= longest_host && is_host_character(text[end]))
    ++end;
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-'))
    --end;
  return end;
}

// Labels with something in them, the last of which is a top-level domain in letters or Punycode.
bool is_host(std::string_view host) {
  const auto dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || host.find("..") != std::string_view::npos)
    return false;
  const auto top = host.substr(dot + 1);
  const bool digits = std::ranges::any_of(top, is_digit);
  return top.size() >= 2 && (!digits || top.starts_with("xn--"));
}

// Port, path, query and fragment behind a host.
std::size_t address_end(std::string_view text, std::size_t host) {
  auto end = host;
  if (end + 1 < text.size() && text[end] == ':' && is_digit(text[end + 1]))
    for (++end; end < text.size() && is_digit(text[end]) && end - host <= 5;)
      ++end;
  if (end == text.size() || std::string_view{"/?#"}.find(text[end]) == std::string_view::npos)
    return end;
  while (end < text.size() && !ends_an_address(text[end]))
    ++end;
  while (end > host && std::string_view{".,;:!?)]"}.find(text[end - 1]) != std::string_view::npos)
    --end;
  return end;
}

// Quotes around an address belong to it, as in Presidio.
match_range with_quotes(std::string_view text, match_range where) {
  if (where.begin == 0 || where.end >= text.size() || text[where.begin - 1] != text[where.end] ||
      (text[where.end] != '"' && text[where.end] != '\''))
    return where;
  return {where.begin - 1, where.end + 1};
}

// Where the host begins: behind a user's name and password, if there are any.
std::size_t host_begin(std::string_view text, std::size_t authority) {
  const auto ahead = text.substr(authority, longest_user);
  const auto end = std::ranges::find_if(
    ahead, [](char c) { return ends_an_address(c) || c == '/' || c == '?' || c == '#' || c == '@'; });
  return end != ahead.end() && *end == '@' ? authority + static_cast<std::size_t>(end - ahead.begin()) + 1
                                           : authority;
}

verdict verify_with_scheme(std::string_view text, match_range candidate) {
  const auto host = host_begin(text, text.find("://", candidate.begin) + 3);
  const auto end = host_end(text, host);
  if (!is_host(text.substr(host, end - host)))
    return {std::nullopt, candidate.end};
  const match_range where{candidate.begin, address_end(text, end)};
  return {recognised{with_quotes(text, where), with_scheme, {}}, where.end};
}

// Domains that are names of members, too: `user.id`.
bool may_be_code(std::string_view host) {
  constexpr auto members = std::to_array<std::string_view>(
    {"ai", "app", "at", "co", "dev", "id", "in", "info", "io", "is", "it", "me", "my", "name", "no"});
  return !host.starts_with("www.") &&
         std::ranges::find(members, host.substr(host.rfind('.') + 1)) != members.end();
}

verdict verify_bare_host(std::string_view text, match_range candidate) {
  auto begin = candidate.begin;
  while (begin > 0 && candidate.begin - begin < longest_host && is_host_character(text[begin - 1]))
    --begin;
  while (begin < candidate.begin && (text[begin] == '.' || text[begin] == '-'))
    ++begin;
  const auto end = host_end(text, candidate.begin);
  const auto before = begin > 0 ? text[begin - 1] : ' ';
  const auto after = decode_at(text, end).value;
  if (end != candidate.end || before == '@' || before == '/' || before == '\\' ||
      sticks_to_digits(decode_before(text, begin).value) || sticks_to_digits(after) || after == '@' ||
      !is_host(text.substr(begin, end - begin)))
    return {std::nullopt, std::max(end, candidate.begin + 1)};
  const match_range where{begin, address_end(text, end)};
  const auto score =
    where.end == end && may_be_code(text.substr(begin, end - begin)) ? perhaps_code : bare_host;
  return {recognised{where, score, {}}, where.end};
}

} // namespace

recogniser url_recogniser() {
  // The domains that people write without a scheme (IANA root zone); `.py`, `.sh` and their like are files.
  return {
    .label = "URL",
    .entity = "URL",
    .forms = {{"scheme", R"((?i)\b(?:https?|ftp)://[0-9a-z])", verify_with_scheme},
              {"host",
               R"((?i)\.(?:com|org|net|edu|gov|mil|int|info|biz|name|io|ai|dev|app|co|me|tv|cloud|online|)"
               R"(site|shop|store|tech|xyz|blog|news|eu|uk|us|ca|de|fr|es|it|nl|be|ch|at|se|no|fi|dk|pl|)"
               R"(pt|ie|cz|gr|ru|ua|tr|in|cn|jp|kr|au|nz|br|mx|ar|cl|za|ng|ph|sg|th|il|ae|hk|tw|vn|id|my)\b)",
               verify_bare_host}},
    .context = {"url", "website", "link", "site", "web"},
    .sensitive = sensitivity::never};
}

} // namespace guardrails::checks
