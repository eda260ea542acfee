// Each rule says what is wrong without quoting the text.
#include "config/text_rules.hpp"

#include "checks/byte_class.hpp"
#include "config/node_address.hpp"
#include "config/printable.hpp"

#include <guardrails/ascii.hpp>
#include <guardrails/pii.hpp>

#include <cld2/public/compact_lang_det.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace guardrails::config {

namespace {

using problem = std::optional<std::string>;

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && stop == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host(std::string_view host) {
  const auto bracketed = host.starts_with('[') && host.ends_with(']');
  const auto name = bracketed ? host.substr(1, host.size() - 2) : host;
  const std::string_view allowed = bracketed ? "0123456789abcdefABCDEF:."
                                             : "0123456789abcdefghijklmnopqrstuvwxyz"
                                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

/// `host`, `host:port`, `[::1]:port`.
problem authority_problem(std::string_view authority) {
  const auto after_host = authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':');
  const auto host = authority.substr(0, after_host);
  if (host.empty())
    return "has no host";
  if (!is_host(host))
    return "has a host that is not valid";
  const auto rest = after_host < authority.size() ? authority.substr(after_host) : std::string_view{};
  if (!rest.empty() && !(rest[0] == ':' && is_port(rest.substr(1))))
    return "has a port that is not in 1 to 65535";
  return std::nullopt;
}

std::string_view authority_of(std::string_view url) {
  const auto begin = url.find("://") + 3;
  return url.substr(begin, url.find_first_of("/?#", begin) - begin);
}

problem address_problem(std::string_view text) {
  if (has_control(text) || text.find(' ') != std::string_view::npos)
    return "contains a space or a control character";
  return std::nullopt;
}

problem upstream_problem(const std::string& text) {
  if (auto found = address_problem(text))
    return found;
  if (!text.starts_with("http://") && !text.starts_with("https://"))
    return "does not start with http:// or https://";
  const auto authority = authority_of(text);
  if (authority.find('@') != std::string_view::npos)
    return "contains credentials, which belong into llm.api_key";
  if (text.find_first_of("?#") != std::string::npos)
    return "contains a query or a fragment";
  if (text.ends_with("/chat/completions") || text.ends_with("/chat/completions/"))
    return "ends with /chat/completions, which is added to it";
  return authority_problem(authority);
}

problem proxy_problem(const std::string& text) {
  if (auto found = address_problem(text))
    return found;
  constexpr std::string_view schemes[] = {"http://",    "https://",  "socks4://",
                                          "socks4a://", "socks5://", "socks5h://"};
  if (std::ranges::none_of(schemes, [&](auto scheme) { return text.starts_with(scheme); }))
    return "does not start with http://, https:// or socks5://";
  const auto authority = authority_of(text);
  const auto credentials = authority.rfind('@');
  return authority_problem(credentials == std::string_view::npos ? authority
                                                                 : authority.substr(credentials + 1));
}

problem header_problem(const std::string& text) {
  if (has_control(text))
    return "contains a control character, such as a newline at its end";
  if (text.front() == ' ' || text.back() == ' ')
    return "starts or ends with a space";
  if (text.find("***") == 0 && text.size() == 3)
    return "is the *** that stands for a secret; put the secret back";
  return std::nullopt;
}

problem line_problem(const std::string& text) {
  if (has_control(text))
    return "contains a control character";
  return is_blank(text) ? problem{"is blank"} : std::nullopt;
}

problem plain_problem(const std::string& text) {
  const auto plain = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; };
  return std::ranges::all_of(text, plain) ? std::nullopt
                                          : problem{"holds more than letters, digits, dots and dashes"};
}

problem word_problem(const std::string& text) {
  return is_blank(text) ? problem{"is blank, so that it would match everywhere"} : std::nullopt;
}

problem pattern_problem(const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 pattern{text, options};
  if (!pattern.ok())
    return "is not a regular expression of RE2 (" + printable(pattern.error(), 80) + ')';
  if (checks::has_byte_class(text))
    return "has \\C, which matches parts of characters";
  if (re2::RE2::PartialMatch("", pattern))
    return "matches the empty text, so that it would match everywhere";
  return std::nullopt;
}

problem host_entry_problem(const std::string& text) {
  if (auto found = address_problem(text))
    return found;
  if (text.find_first_of("/\\@?#") != std::string::npos)
    return "holds more than a host and a port";
  const auto name = std::string_view{text}.substr(text.starts_with("*.") ? 2 : 0);
  if (name.find('*') != std::string_view::npos)
    return "has a * elsewhere than in front, as in *.example.com";
  const auto host_end = name.starts_with('[') ? name.find(']') + 1 : name.rfind(':');
  if (name.empty() || host_end == 0)
    return "has no host";
  const auto port = host_end < name.size() ? name.substr(host_end) : std::string_view{};
  if (!port.empty() && !(port[0] == ':' && is_port(port.substr(1))))
    return "has a port that is not in 1 to 65535";
  return std::nullopt;
}

problem scheme_problem(const std::string& text) {
  if (text.empty() || text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+.-") != std::string::npos)
    return "is no scheme";
  return std::nullopt;
}

problem language_problem(const std::string& text) {
  if (CLD2::GetLanguageFromName(text.c_str()) == CLD2::UNKNOWN_LANGUAGE)
    return "is no language that can be recognised";
  return std::nullopt;
}

problem language_tag_problem(const std::string& text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return text.size() == 2 && std::ranges::all_of(text, is_lower) ? std::nullopt
                                                                 : problem{"is not a code of ISO 639-1"};
}

problem node_entry_problem(const std::string& text) {
  const auto address = parse_node_address(text);
  return address && address->port != 0 ? std::nullopt : problem{"is not HOST:PORT"};
}

problem mask_format_problem(const std::string& text) {
  return is_mask_format(text) ? std::nullopt : problem{"is not a mask format"};
}

problem validator_problem(const std::string& text) {
  const auto known = known_validators();
  if (std::ranges::find(known, text) != known.end())
    return std::nullopt;
  return "is not a validator; there are " + either(known);
}

} // namespace

constexpr text_rule upstream_url{"an address such as https://host:port/v1", upstream_problem};
constexpr text_rule proxy_url{"an address such as http://host:port", proxy_problem};
constexpr text_rule header_value{"a text fit for an HTTP header", header_problem};
constexpr text_rule plain_name{"a name of letters, digits, dots and dashes", plain_problem};
constexpr text_rule one_line{"a text on one line", line_problem};
constexpr text_rule blocked_word{"a word or phrase", word_problem};
constexpr text_rule blocked_pattern{"a regular expression of RE2", pattern_problem};
constexpr text_rule host_entry{"a host such as example.com, *.example.com or 10.0.0.1:8080",
                               host_entry_problem};
constexpr text_rule url_scheme{"a scheme such as https", scheme_problem};
constexpr text_rule language_code{"a language such as en", language_problem};
constexpr text_rule language_tag{"a language such as en", language_tag_problem};
constexpr text_rule node_entry{"an address such as 10.0.0.1:4711 or nodes.example.com:4711",
                               node_entry_problem};
constexpr text_rule mask_format{
  "a text with `<ENTITY_TYPE>` or `<ENTITY_TYPE_N>`, partial, hash, or one punctuation character",
  mask_format_problem};
constexpr text_rule validator_name{"the name of a validator", validator_problem};

std::string without_credentials(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos)
    return url;
  const auto authority = authority_of(url);
  const auto credentials = authority.rfind('@');
  if (credentials == std::string_view::npos)
    return url;
  return url.substr(0, scheme + 3) + "***" + url.substr(scheme + 3 + credentials);
}

} // namespace guardrails::config
