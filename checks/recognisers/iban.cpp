// International bank account numbers: the country's length and the checksum modulo 97.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

struct iban_country {
  std::string_view code;
  std::size_t length;
};

// Lengths of the SWIFT IBAN registry (ISO 13616), release 99, sorted by code.
constexpr std::array countries{
  iban_country{"AD", 24}, iban_country{"AE", 23}, iban_country{"AL", 28}, iban_country{"AT", 20},
  iban_country{"AZ", 28}, iban_country{"BA", 20}, iban_country{"BE", 16}, iban_country{"BG", 22},
  iban_country{"BH", 22}, iban_country{"BI", 27}, iban_country{"BR", 29}, iban_country{"BY", 28},
  iban_country{"CH", 21}, iban_country{"CR", 22}, iban_country{"CY", 28}, iban_country{"CZ", 24},
  iban_country{"DE", 22}, iban_country{"DJ", 27}, iban_country{"DK", 18}, iban_country{"DO", 28},
  iban_country{"EE", 20}, iban_country{"EG", 29}, iban_country{"ES", 24}, iban_country{"FI", 18},
  iban_country{"FK", 18}, iban_country{"FO", 18}, iban_country{"FR", 27}, iban_country{"GB", 22},
  iban_country{"GE", 22}, iban_country{"GI", 23}, iban_country{"GL", 18}, iban_country{"GR", 27},
  iban_country{"GT", 28}, iban_country{"HN", 28}, iban_country{"HR", 21}, iban_country{"HU", 28},
  iban_country{"IE", 22}, iban_country{"IL", 23}, iban_country{"IQ", 23}, iban_country{"IS", 26},
  iban_country{"IT", 27}, iban_country{"JO", 30}, iban_country{"KW", 30}, iban_country{"KZ", 20},
  iban_country{"LB", 28}, iban_country{"LC", 32}, iban_country{"LI", 21}, iban_country{"LT", 20},
  iban_country{"LU", 20}, iban_country{"LV", 21}, iban_country{"LY", 25}, iban_country{"MC", 27},
  iban_country{"MD", 24}, iban_country{"ME", 22}, iban_country{"MK", 19}, iban_country{"MN", 20},
  iban_country{"MR", 27}, iban_country{"MT", 31}, iban_country{"MU", 30}, iban_country{"NI", 28},
  iban_country{"NL", 18}, iban_country{"NO", 15}, iban_country{"OM", 23}, iban_country{"PK", 24},
  iban_country{"PL", 28}, iban_country{"PS", 29}, iban_country{"PT", 25}, iban_country{"QA", 29},
  iban_country{"RO", 24}, iban_country{"RS", 22}, iban_country{"RU", 33}, iban_country{"SA", 24},
  iban_country{"SC", 31}, iban_country{"SD", 18}, iban_country{"SE", 24}, iban_country{"SI", 19},
  iban_country{"SK", 24}, iban_country{"SM", 27}, iban_country{"SO", 23}, iban_country{"ST", 25},
  iban_country{"SV", 28}, iban_country{"TL", 23}, iban_country{"TN", 24}, iban_country{"TR", 26},
  iban_country{"UA", 29}, iban_country{"VA", 22}, iban_country{"VG", 24}, iban_country{"XK", 20},
  iban_country{"YE", 30},
};

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool is_alnum(char c) noexcept {
  return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z');
}

std::size_t length_for(std::string_view code) {
  const auto found = std::ranges::lower_bound(countries, code, {}, &iban_country::code);
  return found != countries.end() && found->code == code ? found->length : 0;
}

// The checksum is that of the number with its first four characters moved to the end (ISO 13616-1, 6.2).
bool checksum_holds(std::string_view number) {
  return mod97(std::string{number.substr(4)}.append(number.substr(0, 4))) == 1;
}

verdict verify_iban(std::string_view text, match_range candidate) {
  std::string number;
  auto pos = candidate.begin;
  const std::string code{upper(text[pos]), upper(text[pos + 1])};
  const auto length = length_for(code);
  while (pos < text.size() && number.size() < length) {
    if (is_alnum(text[pos]))
      number.push_back(upper(text[pos++]));
    else if (const auto gap = separator_length(text, pos);
             gap > 0 && text[pos] != '.' && pos + gap < text.size() && is_alnum(text[pos + gap]))
      pos += gap;
    else
      break;
  }
  const match_range where{candidate.begin, pos};
  if (length == 0 || number.size() != length || !checksum_holds(number) || !stands_alone(text, where))
    return {std::nullopt, candidate.begin + 4};
  return {recognised{where, 1.0, "mod97"}, where.end};
}

} // namespace

recogniser iban_recogniser() {
  std::string codes;
  for (const auto& c : countries)
    codes.append(codes.empty() ? "" : "|").append(c.code);
  return {.label = "IBAN",
          .entity = "IBAN_CODE",
          .forms = {{"iban",
                     R"((?i)\b(?:)" + codes + R"()[0-9]{2}(?:)" + std::string{separator_class} +
                       R"(?[A-Z0-9]){11})",
                     verify_iban}},
          .context = {"iban", "bank", "transaction"}};
}

} // namespace guardrails::checks
