// Hardware addresses: six pairs of hexadecimal digits, or three groups of four (IEEE 802).
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/ascii.hpp>

namespace guardrails::checks {

namespace {

constexpr double well_formed = 0.6;

// All zeros and all ones name no device.
bool names_a_device(std::string_view address) {
  return address.find_first_not_of("0:-.") != std::string_view::npos &&
         address.find_first_not_of("fF:-.") != std::string_view::npos;
}

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Not the end of a word: `mac:08:00:27:4e:66:a1`.
bool ends_with_pair(std::string_view text) noexcept {
  const auto size = text.size();
  return size > 1 && is_hex(text[size - 1]) && is_hex(text[size - 2]) &&
         (size == 2 || !is_letter_or_digit(text[size - 3]));
}

bool goes_on_before(std::string_view text, std::size_t begin, char mark) noexcept {
  if (begin == 0 || text[begin - 1] != mark)
    return false;
  return mark == '.' ? begin > 1 && is_letter_or_digit(text[begin - 2])
                     : ends_with_pair(text.substr(0, begin - 1));
}

// A separator with more behind it: eight bytes are no hardware address.
bool goes_on(std::string_view text, match_range where) {
  const auto mark =
    text[where.begin + 2] == ':' || text[where.begin + 2] == '-' ? text[where.begin + 2] : '.';
  const bool after = where.end + 1 < text.size() && text[where.end] == mark &&
                     sticks_to_digits(decode_at(text, where.end + 1).value);
  return after || goes_on_before(text, where.begin, mark);
}

verdict verify(std::string_view text, match_range candidate) {
  if (goes_on(text, candidate) || sticks_to_digits(decode_before(text, candidate.begin).value) ||
      sticks_to_digits(decode_at(text, candidate.end).value) ||
      !names_a_device(text.substr(candidate.begin, candidate.end - candidate.begin)))
    return {std::nullopt, candidate.end};
  return {recognised{candidate, well_formed, {}}, candidate.end};
}

} // namespace

recogniser mac_address_recogniser() {
  return {.label = "MACAddress",
          .entity = "MAC_ADDRESS",
          .forms = {{"colons", R"((?i)\b[0-9A-F]{2}(?::[0-9A-F]{2}){5}\b)", verify},
                    {"hyphens", R"((?i)\b[0-9A-F]{2}(?:-[0-9A-F]{2}){5}\b)", verify},
                    {"dots", R"((?i)\b[0-9A-F]{4}\.[0-9A-F]{4}\.[0-9A-F]{4}\b)", verify}},
          .context = {"mac", "macs", "hardware", "physical", "ethernet", "device"}};
}

} // namespace guardrails::checks
