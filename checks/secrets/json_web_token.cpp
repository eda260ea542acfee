// JSON web tokens (RFC 7519): three or two parts of Base64 for URLs of which the first two are JSON objects.
// Also such a token wrapped in Base64 once more.
#include <guardrails/utf8.hpp>

#include "checks/rail.hpp"
#include "checks/secrets/base64.hpp"
#include "checks/secrets/boundary.hpp"
#include "checks/secrets/secret_form.hpp"

namespace guardrails::checks::secrets {

namespace {

constexpr std::string_view entity = "JSON_WEB_TOKEN";
constexpr std::string_view pattern = "jwt";
constexpr double score = 1.0;

// Parts beyond this are not decoded; tokens fit into HTTP headers.
constexpr std::size_t longest_part = 16'384;

std::size_t end_of_run(std::string_view text, std::size_t begin) noexcept {
  while (begin < text.size() && is_base64url(text[begin]))
    ++begin;
  return begin;
}

bool is_json_object(std::string_view part) {
  if (part.size() < 8 || part.size() > longest_part)
    return false;
  const auto decoded = decode_base64(part);
  if (!decoded || !decoded->starts_with("{\"") || find_invalid_utf8(*decoded) != std::string_view::npos)
    return false;
  const auto last = decoded->find_last_not_of(" \t\r\n");
  return (*decoded)[last] == '}' && decoded->find("\":") != std::string::npos;
}

struct parsed_token {
  bool holds = false;
  std::size_t end = 0; // of what was looked at, which is the token's if it holds
};

parsed_token parse(std::string_view text, std::size_t begin) {
  const auto header_end = end_of_run(text, begin);
  if (header_end == text.size() || text[header_end] != '.')
    return {false, header_end};
  const auto claims_end = end_of_run(text, header_end + 1);
  const auto header = text.substr(begin, header_end - begin);
  const auto claims = text.substr(header_end + 1, claims_end - header_end - 1);
  if (!is_json_object(header) || !is_json_object(claims))
    return {false, header_end}; // the claims may begin a token of their own
  const auto has_signature = claims_end < text.size() && text[claims_end] == '.';
  return {true, has_signature ? end_of_run(text, claims_end + 1) : claims_end};
}

// A hyphen that nothing stands before marks an item of a list.
bool follows_hyphen_of_word(std::string_view text, std::size_t begin) noexcept {
  return begin > 1 && text[begin - 1] == '-' && is_base64url(text[begin - 2]);
}

secret_verdict verify_plain(std::string_view text, match_range candidate) {
  const auto begin = candidate.begin;
  if (!starts_token(text, begin, {true, true}) || follows_hyphen_of_word(text, begin))
    return {std::nullopt, begin + 1};
  const auto token = parse(text, begin);
  if (!token.holds)
    return {std::nullopt, token.end};
  return {secret{{begin, token.end}, entity, pattern, score}, token.end};
}

secret_verdict verify_wrapped(std::string_view text, match_range candidate) {
  const auto begin = candidate.begin;
  if (!starts_token(text, begin, {}))
    return {std::nullopt, begin + 1};
  const auto belongs = [](char c) { return is_letter_or_digit(c) || c == '+' || c == '/' || c == '='; };
  auto end = begin;
  while (end < text.size() && belongs(text[end]))
    ++end;
  if (end - begin > longest_part)
    return {std::nullopt, end};
  const auto token = decode_base64(text.substr(begin, end - begin));
  if (!token || !parse(*token, 0).holds)
    return {std::nullopt, end};
  return {secret{{begin, end}, entity, "jwt_in_base64", score}, end};
}

} // namespace

secret_form json_web_token_form() {
  return {pattern, "eyJ", verify_plain};
}

secret_form wrapped_web_token_form() {
  return {"jwt_in_base64", "ZXlK", verify_wrapped};
}

} // namespace guardrails::checks::secrets
