// Numbers of Thailand.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <array>

namespace guardrails::checks {

namespace {

// National identification number: weights 13 to 2 modulo 11 (Department of Provincial Administration). The
// second and third digits are the province (ISO 3166-2:TH).
validity national_identification(std::string_view digits) {
  constexpr std::array weights{13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
  const auto province = number(digits.substr(1, 2));
  const auto last_of_tens = std::array{0, 27, 27, 49, 49, 58, 67, 77, 86, 96};
  const bool known = province >= 10 && province <= last_of_tens[static_cast<std::size_t>(province / 10)];
  const auto check = (11 - weighted_sum(digits, weights) % 11) % 10;
  return known && has_different_digits(digits) && check == digits.back() - '0' ? validity::proven
                                                                               : validity::refuted;
}

} // namespace

std::vector<recogniser> thai_recognisers() {
  return {national("NationalID", "TH_TNIN",
                   {checked("digits", R"(\b[1-8][0-9]{12}\b)", 0.1, national_identification, "mod11"),
                    checked("hyphens", R"(\b[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]\b)", 0.3,
                            national_identification, "mod11")},
                   {"tnin", "thai", "national", "เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "บัตรประชาชน"}, "th")};
}

} // namespace guardrails::checks
