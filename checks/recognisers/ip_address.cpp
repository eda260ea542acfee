// Addresses of the Internet Protocol: version 4 in four decimals, version 6 in full, compressed and mixed
// form.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

constexpr double certain = 0.6;
constexpr double doubtful = 0.2;         // counts only with a word such as `ipv6` before it
constexpr double unspecified = 0.1;      // `::`, which code has everywhere
constexpr std::size_t longest_v6 = 45;   // INET6_ADDRSTRLEN without its terminator
constexpr std::size_t longest_zone = 15; // IFNAMSIZ without its terminator
constexpr int bits_of_v4 = 32;
constexpr int bits_of_v6 = 128;

constexpr std::array<std::string_view, 9> version_words{"version", "versions", "ver",      "release", "build",
                                                        "v",       "section",  "firmware", "chapter"};
constexpr std::array<std::string_view, 7> linking_words{"is", "was", "number", "no", "nr", "to", "of"};

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The parts that one or several `mark`s divide a text into.
std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const auto end = std::min(text.find(mark, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    if (end == text.size())
      return parts;
    begin = end + 1;
  }
}

bool is_octet(std::string_view part) noexcept {
  if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0'))
    return false;
  return std::ranges::all_of(part, is_digit) && (part.size() < 3 || part <= "255");
}

bool is_v4(std::string_view address) {
  const auto parts = split(address, '.');
  return parts.size() == 4 && std::ranges::all_of(parts, is_octet);
}

// End of a prefix length such as `/24` at `pos` (RFC 4632, 3.1; RFC 4291, 2.3), or `pos`.
std::size_t prefix_end(std::string_view text, std::size_t pos, int most_bits) {
  if (pos >= text.size() || text[pos] != '/')
    return pos;
  auto end = pos + 1;
  int bits = 0;
  while (end < text.size() && end - pos <= 3 && is_digit(text[end]))
    bits = 10 * bits + (text[end++] - '0');
  const auto digits = end - pos - 1;
  const bool plain = digits == 1 || (digits > 1 && text[pos + 1] != '0');
  const auto next = decode_at(text, end).value;
  const bool goes_on = sticks_to_digits(next) || next == '/' ||
                       (next == '.' && end + 1 < text.size() && is_digit(text[end + 1]));
  return plain && bits <= most_bits && !goes_on ? end : pos;
}

// End of a zone such as `%eth0` at `pos` (RFC 4007, 11), or `pos`.
std::size_t zone_end(std::string_view text, std::size_t pos) {
  const auto belongs = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (pos >= text.size() || text[pos] != '%')
    return pos;
  auto end = pos + 1;
  while (end < text.size() && end - pos <= longest_zone && belongs(text[end]))
    ++end;
  return end > pos + 1 ? end : pos;
}

// The word that ends before `end`, but for blanks, colons and the like; `end` moves to its beginning.
std::string word_before(std::string_view text, std::size_t& end) {
  constexpr std::size_t longest = 8; // of the words that are compared
  while (end > 0 && std::string_view{" :=#"}.find(text[end - 1]) != std::string_view::npos)
    --end;
  std::string word;
  while (end > 0 && word.size() <= longest && is_latin_letter(static_cast<unsigned char>(text[end - 1])))
    word.insert(word.begin(), static_cast<char>(fold_case(static_cast<unsigned char>(text[--end]))));
  return word;
}

// `version 1.2.3.4`, `version is 1.2.3.4` and `version no. 1.2.3.4` are releases, not hosts.
bool follows_version_word(std::string_view text, std::size_t begin) {
  auto end = begin;
  auto word = word_before(text, end);
  if (word.empty() && end > 1 && text[end - 1] == '.') {
    word = word_before(text, --end);
    if (word != "no" && word != "nr" && word != "v" && word != "ver")
      return false; // the end of a sentence
  }
  if (std::ranges::find(linking_words, word) != linking_words.end())
    word = word_before(text, end);
  return std::ranges::find(version_words, word) != version_words.end();
}

// `255.255.240.0`: ones, then zeros (RFC 950). All ones is the broadcast address, all zeros the default
// route.
bool is_netmask(std::string_view address) {
  std::uint32_t bits = 0;
  for (const auto part : split(address, '.'))
    bits = (bits << 8) | static_cast<std::uint32_t>(number(part));
  const auto zeros = ~bits;
  return bits >= 0xff000000u && zeros != 0 && (zeros & (zeros + 1)) == 0;
}

// Whether an address stands before the hyphen before `begin`: `10.0.0.1-10.0.0.9`.
bool ends_range(std::string_view text, std::size_t begin) {
  constexpr std::size_t longest = 15;
  const auto hyphen = begin - 1;
  auto first = hyphen;
  while (first > 0 && hyphen - first < longest && (is_digit(text[first - 1]) || text[first - 1] == '.'))
    --first;
  return is_v4(text.substr(first, hyphen - first));
}

// Whether a name or number goes on to the dot or hyphen before `begin`: `host-10.0.0.1`, `1.10.0.0.1`. Behind
// a blank or another such sign it is of a list or a sentence.
bool continues_name(std::string_view text, std::size_t begin) {
  if (begin < 2 || (text[begin - 1] != '.' && text[begin - 1] != '-'))
    return false;
  const auto further = decode_before(text, begin - 1).value;
  return sticks_to_digits(further) && !(text[begin - 1] == '-' && ends_range(text, begin));
}

verdict verify_v4(std::string_view text, match_range candidate) {
  const auto after = candidate.end < text.size() ? text[candidate.end] : ' ';
  const bool longer = continues_name(text, candidate.begin) ||
                      (after == '.' && candidate.end + 1 < text.size() && is_digit(text[candidate.end + 1]));
  if (longer || sticks_to_digits(decode_before(text, candidate.begin).value) ||
      sticks_to_digits(decode_at(text, candidate.end).value))
    return {std::nullopt, skip_number(text, candidate.end)};
  const auto address = text.substr(candidate.begin, candidate.end - candidate.begin);
  if (!is_v4(address) || is_netmask(address) || follows_version_word(text, candidate.begin))
    return {std::nullopt, candidate.end};
  const match_range where{candidate.begin, prefix_end(text, candidate.end, bits_of_v4)};
  return {recognised{where, certain, {}}, where.end};
}

// Score of a version 6 address (RFC 4291, 2.2), 0 if it is none.
double v6_score(std::string_view address) {
  if (address == "::")
    return unspecified;
  auto parts = split(address, ':');
  std::size_t groups = 0;
  bool digit = false;
  bool mixed = false;
  if (parts.back().find('.') != std::string_view::npos) {
    if (!is_v4(parts.back()))
      return 0;
    parts.pop_back();
    groups = 2;
    digit = true;
    mixed = true;
  }
  std::size_t longest = 0;
  bool all_pairs = true;
  for (const auto part : parts) {
    if (part.size() > 4 || !std::ranges::all_of(part, is_hex))
      return 0;
    groups += part.empty() ? 0 : 1;
    longest = std::max(longest, part.size());
    digit |= std::ranges::any_of(part, is_digit);
    all_pairs &= part.size() == 2;
  }
  const auto gap = address.find("::");
  const bool compressed = gap != std::string_view::npos;
  if (compressed && (address.find("::", gap + 1) != std::string_view::npos || groups > 7 || groups == 0))
    return 0;
  // Without compression there are eight groups; eight pairs are a hardware address.
  if (!compressed && (groups != 8 || all_pairs))
    return 0;
  // A lone colon may not lead or end the address.
  if ((address.front() == ':' && gap != 0) || (address.back() == ':' && gap != address.size() - 2))
    return 0;
  // `a::b` is a name in C++ and `1::2` a slice in Python.
  return compressed && (!digit || (!mixed && groups <= 2 && longest < 3)) ? doubtful : certain;
}

// Where the address begins in what follows `begin`, which the end of a word leads: `mac:2001:db8::1`.
std::size_t behind_word(std::string_view text, std::size_t begin, std::size_t end) {
  const auto colon = text.find(':', begin);
  const bool labels = colon + 1 < end && text[colon + 1] != ':' &&
                      std::ranges::none_of(text.substr(begin, colon - begin), is_digit);
  return labels && sticks_to_digits(decode_before(text, begin).value) ? colon + 1 : begin;
}

verdict verify_v6(std::string_view text, match_range candidate) {
  const auto belongs = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
  auto begin = candidate.begin;
  while (begin > 0 && candidate.begin - begin <= longest_v6 && belongs(text[begin - 1]))
    --begin;
  auto end = candidate.end;
  while (end < text.size() && belongs(text[end]))
    ++end;
  const auto resume = end;
  begin = behind_word(text, begin, end);
  while (end > begin &&
         (text[end - 1] == '.' || (text[end - 1] == ':' && !text.substr(begin, end - begin).ends_with("::"))))
    --end;
  while (begin < end && text[begin] == '.')
    ++begin;
  if (end - begin < 2 || end - begin > longest_v6 || sticks_to_digits(decode_before(text, begin).value) ||
      sticks_to_digits(decode_at(text, end).value))
    return {std::nullopt, resume};
  const auto score = v6_score(text.substr(begin, end - begin));
  if (score == 0)
    return {std::nullopt, resume};
  const auto whole = prefix_end(text, zone_end(text, end), bits_of_v6);
  return {recognised{{begin, whole}, score, {}}, std::max(resume, whole)};
}

} // namespace

recogniser ip_address_recogniser() {
  return {.label = "IPAddress",
          .entity = "IP_ADDRESS",
          .forms = {{"ipv4", R"(\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b)", verify_v4},
                    {"ipv6", R"([0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:)", verify_v6}},
          .context = {"ip", "ips", "ipv4", "ipv6", "address", "host", "server", "адрес", "地址", "アドレス"}};
}

} // namespace guardrails::checks
