// Undoes escapes, Unicode and unusual numbers, and remembers that they were there.
#include "checks/urls/host.hpp"

#include "checks/code_point_class.hpp"
#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <arpa/inet.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>

namespace guardrails::checks::urls {

namespace {

constexpr std::size_t longest_name = 253;      // bytes of a host name (RFC 1035)
constexpr std::size_t longest_written = 1'024; // bytes, escapes and Unicode included

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      unsigned byte = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
      decoded += static_cast<char>(byte);
      i += 2;
    } else
      decoded += text[i];
  }
  return decoded;
}

/// `10`, `0x0a` or `012`.
std::optional<std::uint64_t> number_of(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  int base = 10;
  if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.front() == '0')
    base = 8;
  if (text.empty()) // `0x` is 0
    return 0;
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || stop != text.data() + text.size())
    return std::nullopt;
  return number;
}

/// Whether a browser takes the name for an IPv4 address: its last part is a number.
bool ends_in_number(std::string_view name) {
  const auto last = name.substr(name.rfind('.') + 1);
  return !last.empty() && (last.find_first_not_of("0123456789") == std::string_view::npos ||
                           (last.starts_with("0x") && number_of(last)));
}

/// The address that up to four numbers stand for; the last one fills the bytes that are left.
std::optional<std::string> ipv4_of(std::string_view name) {
  std::uint64_t address = 0;
  for (int left = 4; left > 0; --left) {
    const auto dot = name.find('.');
    const auto number = number_of(name.substr(0, dot));
    const auto last = dot == std::string_view::npos;
    if (!number || *number >= (std::uint64_t{1} << (last ? 8 * left : 8)))
      return std::nullopt;
    address = last ? (address << (8 * left)) | *number : (address << 8) | *number;
    if (!last) {
      name.remove_prefix(dot + 1);
      continue;
    }
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8)
      text.append(text.empty() ? "" : ".").append(std::to_string((address >> shift) & 0xFF));
    return text;
  }
  return std::nullopt;
}

std::string in_brackets(std::string_view address) {
  std::string text{'['};
  return text.append(address).append("]");
}

host read_ipv6(const std::string& inner) {
  in6_addr address{};
  if (inet_pton(AF_INET6, inner.c_str(), &address) != 1)
    return {in_brackets(inner), invalid_host};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    inet_ntop(AF_INET, &address.s6_addr[12], text.data(), text.size());
    return {text.data(), "IPv4 address as IPv6"};
  }
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return {in_brackets(text.data()), {}};
}

/// Scripts that are written together in one word (Unicode Technical Standard 39, highly restrictive).
bool go_together(const std::set<UScriptCode>& scripts) {
  const std::set<UScriptCode> groups[] = {
    {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA},
    {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_BOPOMOFO},
    {USCRIPT_LATIN, USCRIPT_HAN, USCRIPT_HANGUL},
  };
  return scripts.size() < 2 || std::ranges::any_of(groups, [&](const auto& group) {
           return std::ranges::includes(group, scripts);
         });
}

struct label_letters {
  std::set<UScriptCode> scripts;
  bool all_pass_for_latin = true;
};

label_letters letters_of(std::string_view label) {
  label_letters letters;
  for (std::size_t at = 0; at < label.size();) {
    const auto c = decode_at(label, at);
    at += c.length;
    if (c.value == no_code_point || !is_letter(c.value))
      continue;
    auto status = U_ZERO_ERROR;
    const auto script = uscript_getScript(static_cast<UChar32>(c.value), &status);
    if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED)
      letters.scripts.insert(script);
    letters.all_pass_for_latin &= latin_twin(c.value) != 0;
  }
  return letters;
}

/// Whether names in `script` are at home under the top-level domain `top`: one in that script itself, or one
/// of a country that writes in it.
bool is_at_home(UScriptCode script, std::string_view top) {
  constexpr auto countries = std::to_array<std::pair<UScriptCode, std::string_view>>({
    {USCRIPT_ARMENIAN, "am"},
    {USCRIPT_CYRILLIC, "bg"},
    {USCRIPT_CYRILLIC, "by"},
    {USCRIPT_CYRILLIC, "kg"},
    {USCRIPT_CYRILLIC, "kz"},
    {USCRIPT_CYRILLIC, "mk"},
    {USCRIPT_CYRILLIC, "mn"},
    {USCRIPT_CYRILLIC, "rs"},
    {USCRIPT_CYRILLIC, "ru"},
    {USCRIPT_CYRILLIC, "su"},
    {USCRIPT_CYRILLIC, "tj"},
    {USCRIPT_CYRILLIC, "ua"},
    {USCRIPT_CYRILLIC, "uz"},
    {USCRIPT_GEORGIAN, "ge"},
    {USCRIPT_GREEK, "cy"},
    {USCRIPT_GREEK, "gr"},
  });
  return letters_of(top).scripts == std::set{script} ||
         std::ranges::find(countries, std::pair{script, top}) != countries.end();
}

// The idea of the browsers' policies for showing names in Unicode: a name mixes no scripts, and one that
// could be read as Latin stands where nobody expects Latin.
std::string_view disguise_of_label(std::string_view label, std::string_view top) {
  const auto letters = letters_of(label);
  if (!go_together(letters.scripts))
    return "mixed scripts";
  const bool looks_latin =
    letters.scripts.size() == 1 && !letters.scripts.contains(USCRIPT_LATIN) && letters.all_pass_for_latin;
  return looks_latin && !is_at_home(*letters.scripts.begin(), top) ? "look-alike letters" : "";
}

} // namespace

void host_reader::close::operator()(UIDNA* idna) const noexcept {
  uidna_close(idna);
}

host_reader::host_reader() {
  auto status = U_ZERO_ERROR;
  idna_.reset(uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                                UIDNA_NONTRANSITIONAL_TO_UNICODE,
                              &status));
  if (U_FAILURE(status))
    throw std::runtime_error{"the tables for host names cannot be loaded"};
}

host host_reader::read(std::string_view written) const {
  if (written.empty() || written.size() > longest_written)
    return {{}, invalid_host};
  if (written.front() == '[')
    return written.back() == ']' ? read_ipv6(std::string{written.substr(1, written.size() - 2)})
                                 : host{std::string{written}, invalid_host};
  if (written.find('%') != std::string_view::npos)
    return read_name(percent_decoded(written), "percent-encoded host");
  return read_name(written, {});
}

host host_reader::read_name(std::string_view written, std::string_view disguise) const {
  std::array<char, longest_name + 3> ascii{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  auto status = U_ZERO_ERROR;
  const auto length =
    uidna_nameToASCII_UTF8(idna_.get(), written.data(), static_cast<std::int32_t>(written.size()),
                           ascii.data(), static_cast<std::int32_t>(ascii.size()), &info, &status);
  // Browsers do not mind these.
  constexpr std::uint32_t harmless = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                     UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                     UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(status) || static_cast<std::size_t>(length) > ascii.size())
    return {{}, invalid_host};
  std::string name{ascii.data(), static_cast<std::size_t>(length)};
  while (name.ends_with('.'))
    name.pop_back();
  if (name.empty() || name.size() > longest_name || (info.errors & ~harmless) != 0 ||
      name.find_first_of(std::string_view{"\0 #%/:<>?@[\\]^|", 15}) != std::string::npos)
    return {std::move(name), invalid_host};
  if (ends_in_number(name)) {
    auto address = ipv4_of(name);
    if (!address)
      return {std::move(name), invalid_host};
    if (*address != name)
      disguise = "number as host";
    return {std::move(*address), disguise};
  }
  if (disguise.empty())
    disguise = disguise_of(name);
  return {std::move(name), disguise};
}

std::string_view host_reader::disguise_of(const std::string& name) const {
  if (name.find("xn--") == std::string::npos)
    return {};
  std::array<char, 4 * longest_name> unicode{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  auto status = U_ZERO_ERROR;
  const auto length =
    uidna_nameToUnicodeUTF8(idna_.get(), name.data(), static_cast<std::int32_t>(name.size()), unicode.data(),
                            static_cast<std::int32_t>(unicode.size()), &info, &status);
  if (U_FAILURE(status))
    return invalid_host;
  std::string_view rest{unicode.data(), static_cast<std::size_t>(length)};
  const auto top = rest.substr(rest.rfind('.') + 1);
  while (!rest.empty()) {
    const auto label = rest.substr(0, rest.find('.'));
    if (const auto found = disguise_of_label(label, top); !found.empty())
      return found;
    rest.remove_prefix(std::min(label.size() + 1, rest.size()));
  }
  return {};
}

} // namespace guardrails::checks::urls
