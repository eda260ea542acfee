// Private keys in text armour (RFC 7468, RFC 4716 and OpenPGP's of RFC 4880) and PuTTY's files.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/secret_form.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

namespace {

// What follows `-----BEGIN ` at most, as `ENCRYPTED PRIVATE KEY-----`.
constexpr std::size_t longest_label = 64;

// Characters of key material. The shortest private key, an Ed25519 one, has 64; a placeholder has fewer.
constexpr std::size_t least_material = 64;

constexpr std::string_view dashes = "-----";

// Whether `\n`, a line break as JSON writes it, is at `pos`.
bool is_escape(std::string_view text, std::size_t pos) noexcept {
  return text[pos] == '\\' && pos + 1 < text.size() && (text[pos + 1] == 'n' || text[pos + 1] == 'r');
}

// Key material from `begin` to the next five dashes or the end of the text.
struct armour_body {
  std::size_t end;
  std::size_t material = 0;
};

armour_body read_body(std::string_view text, std::size_t begin) {
  armour_body body{std::min(text.find(dashes, begin), text.size())};
  for (auto pos = begin; pos < body.end; ++pos) {
    if (is_escape(text, pos))
      ++pos;
    else
      body.material +=
        is_letter_or_digit(text[pos]) || text[pos] == '+' || text[pos] == '/' || text[pos] == '=';
  }
  return body;
}

// The end of `-----END …-----` at `pos`, or `pos`.
std::size_t end_of_footer(std::string_view text, std::size_t pos) {
  if (!text.substr(pos).starts_with("-----END "))
    return pos;
  const auto closing = text.substr(0, pos + longest_label).find(dashes, pos + dashes.size());
  return closing == std::string_view::npos ? pos : closing + dashes.size();
}

secret_verdict verify(std::string_view text, match_range candidate) {
  if (text[candidate.begin] == 'P') { // PuTTY: the header alone names a file of nothing but the key
    const auto body = read_body(text, candidate.end);
    if (text.substr(0, body.end).find("Private-Lines:", candidate.end) == std::string_view::npos)
      return {std::nullopt, body.end};
    return {secret{{candidate.begin, body.end}, "PRIVATE_KEY", "putty_key", 1.0}, body.end};
  }
  const auto label = text.substr(candidate.end, longest_label);
  const auto closing = label.find(dashes);
  const auto key = label.find("PRIVATE KEY");
  if (closing == std::string_view::npos || key == std::string_view::npos || key > closing)
    return {std::nullopt, candidate.end};
  const auto body = read_body(text, candidate.end + closing + dashes.size());
  if (body.material < least_material)
    return {std::nullopt, body.end};
  const auto end = end_of_footer(text, body.end);
  return {secret{{candidate.begin, end}, "PRIVATE_KEY", "private_key", 1.0}, end};
}

} // namespace

secret_form private_key_form() {
  return {"private_key", "(?:-----BEGIN |PuTTY-User-Key-File-[23]:)", verify};
}

} // namespace guardrails::checks::secrets
