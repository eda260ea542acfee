// E-mail addresses: expands an `@` to both sides and accepts a domain that ends like a top-level one.
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/url_authority.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

// Limits of RFC 5321, 4.5.3.1, and RFC 1035, 2.3.4, in octets.
constexpr std::size_t longest_local = 64;
constexpr std::size_t longest_domain = 255;
constexpr std::size_t longest_label = 63;

// Endings of files that carry an `@` in their names (`icon@2x.png`); none is a top-level domain.
constexpr std::array<std::string_view, 16> file_endings{"png",  "jpg",  "jpeg", "gif", "svg", "webp",
                                                        "bmp",  "ico",  "css",  "js",  "ts",  "tsx",
                                                        "json", "html", "xml",  "pdf"};

constexpr std::string_view atext_symbols = "!#$%&'*+-/=?^_`{|}~";
constexpr std::string_view leading_symbols = ".'`*=/&?{|~";

// Letters of one kind make an address: Latin ones, or those of another script that spaces its words. Han or
// Thai text around an address is not a part of it.
enum class letters : std::uint8_t { latin, other, none };

letters kind_of(char32_t c) noexcept {
  if (c < 0x80 || is_latin_letter(c))
    return letters::latin;
  return is_letter(c) && is_spaced_word_character(c) ? letters::other : letters::none;
}

bool is_alnum(char32_t c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9');
}

bool local_character(char32_t c, letters kind) noexcept {
  if (c == no_code_point)
    return false;
  if (c < 0x80)
    return is_alnum(c) || c == '.' || atext_symbols.find(static_cast<char>(c)) != std::string_view::npos;
  return kind_of(c) == kind;
}

bool label_character(char32_t c, letters kind) noexcept {
  if (c < 0x80)
    return is_alnum(c) || c == '-';
  return c != no_code_point && kind_of(c) == kind;
}

// The beginning of `"john smith"` before the `@` at `at` (RFC 5321, 4.1.2), or `at`.
std::size_t quoted_local_begin(std::string_view text, std::size_t at) {
  if (at < 3 || text[at - 1] != '"')
    return at;
  for (auto begin = at - 1; begin > 0 && at - begin < longest_local && text[begin - 1] != '\n'; --begin)
    if (text[begin - 1] == '"' && !text.substr(0, begin - 1).ends_with('\\'))
      return begin < at - 1 ? begin - 1 : at;
  return at;
}

// Where the address begins in `text`, which is too long for a local part: behind the last sign that addresses
// within a link follow (`?to=john@example.org`), or else as far back as a local part reaches.
std::size_t begin_in_longer_run(std::string_view text, std::size_t at) {
  const auto window = text.substr(at - longest_local, longest_local);
  const auto sign = window.find_last_of("/?=&");
  if (sign != std::string_view::npos)
    return at - longest_local + sign + 1;
  return next_boundary(text, at - longest_local);
}

std::optional<std::size_t> local_begin(std::string_view text, std::size_t at) {
  if (const auto quoted = quoted_local_begin(text, at); quoted < at)
    return quoted;
  const auto kind = kind_of(decode_before(text, at).value);
  auto begin = at;
  while (begin > 0) {
    const auto c = decode_before(text, begin);
    if (!local_character(c.value, kind))
      break;
    begin -= c.length;
    if (at - begin > longest_local) {
      begin = begin_in_longer_run(text, at);
      break;
    }
  }
  // Quotes, brackets of Markdown and the like lead a text, not an address.
  while (begin < at && leading_symbols.find(text[begin]) != std::string_view::npos)
    ++begin;
  const auto local = text.substr(begin, at - begin);
  if (local.empty() || local.back() == '.' || local.find("..") != std::string_view::npos)
    return std::nullopt;
  return begin;
}

// A top-level domain is made of letters, at least two, or is one in Punycode.
bool ends_like_a_domain(std::string_view label) {
  if (label.size() < 2 || std::ranges::find(file_endings, label) != file_endings.end())
    return false;
  if (label.starts_with("xn--"))
    return label.size() > 4;
  for (std::size_t pos = 0; pos < label.size();) {
    const auto c = decode_at(label, pos);
    if (!is_letter(c.value))
      return false;
    pos += c.length;
  }
  return decode_at(label, 0).length < label.size();
}

std::size_t label_end(std::string_view text, std::size_t begin, letters kind) {
  auto end = begin;
  while (end - begin <= longest_label) {
    const auto c = decode_at(text, end);
    if (c.length == 0 || !label_character(c.value, kind))
      break;
    end += c.length;
  }
  while (end > begin && text[end - 1] == '-')
    --end;
  return end;
}

// Bytes of the full stop between two labels at `pos`; 0: there is none. The ideographic one (UTS 46, 4) ends
// a sentence behind a domain.
std::size_t full_stop_length(std::string_view text, std::size_t pos, bool is_domain) {
  constexpr std::string_view ideographic = "\u3002";
  const auto rest = text.substr(pos);
  if (rest.starts_with('.'))
    return 1;
  return !is_domain && rest.starts_with(ideographic) ? ideographic.size() : 0;
}

// End of the longest domain at `begin` that has two labels or more and ends like one; `begin` if there is
// none.
std::size_t domain_end(std::string_view text, std::size_t begin) {
  const auto kind = kind_of(decode_at(text, begin).value);
  auto accepted = begin;
  for (auto label = begin; label - begin <= longest_domain;) {
    const auto end = label_end(text, label, kind);
    if (end == label || end - label > longest_label || text[label] == '-')
      break;
    if (label != begin && ends_like_a_domain(text.substr(label, end - label)))
      accepted = end;
    const auto stop = full_stop_length(text, end, accepted != begin);
    if (stop == 0)
      break;
    label = end + stop;
  }
  return accepted;
}

// Name and password before the `@` at `at`, if it stands in the authority of a URL.
std::string_view user_information(std::string_view text, std::size_t at) {
  const auto limit = at - std::min(at, longest_user + longest_password + 2);
  auto begin = at;
  while (begin > limit && !ends_authority(text[begin - 1]))
    --begin;
  return text.substr(0, begin).ends_with("://") ? text.substr(begin, at - begin) : std::string_view{};
}

// `git@host:path` and `ssh://git@host` name a service, not a person (git-clone(1), "GIT URLS").
bool is_service(std::string_view text, match_range address, std::size_t at) {
  constexpr auto services = std::to_array<std::string_view>({"git", "hg", "svn"});
  const auto local = text.substr(address.begin, at - address.begin);
  return std::ranges::find(services, local) != services.end() &&
         (text.substr(address.end, 1) == ":" || user_information(text, at) == local);
}

verdict verify_anywhere(std::string_view text, match_range candidate) {
  const auto at = text.find('@', candidate.begin);
  const auto after = at + 1;
  const auto begin = local_begin(text, at);
  if (!begin)
    return {std::nullopt, after};
  const auto end = domain_end(text, after);
  if (end == after || end - after > longest_domain || is_service(text, {*begin, end}, at))
    return {std::nullopt, after};
  return {recognised{{*begin, end}, 1.0, {}}, end};
}

// The end of a password and the host behind it look like an address.
bool is_of_password(std::string_view text, match_range candidate) {
  const auto at = text.find('@', candidate.begin);
  return user_information(text, at).find(':') != std::string_view::npos;
}

verdict verify_address(std::string_view text, match_range candidate) {
  auto said = verify_anywhere(text, candidate);
  if (said.hit && is_of_password(text, candidate))
    said.hit.reset();
  return said;
}

verdict verify_password_and_host(std::string_view text, match_range candidate) {
  auto said = verify_anywhere(text, candidate);
  if (said.hit && !is_of_password(text, candidate))
    said.hit.reset();
  return said;
}

constexpr auto address_expression = R"([^\s@]@[\pL\pN])";

} // namespace

recogniser email_recogniser() {
  return {.label = "Email",
          .entity = "EMAIL_ADDRESS",
          .forms = {{"address", address_expression, verify_address}},
          .context = {"email", "mail", "e-mail"}};
}

written_form password_and_host_form() {
  return {"password_and_host", address_expression, verify_password_and_host};
}

} // namespace guardrails::checks
