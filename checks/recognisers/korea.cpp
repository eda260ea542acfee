// Numbers of Korea: resident and foreigner registration, business, driving licence, passport.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <array>

namespace guardrails::checks {

namespace {

constexpr std::array registration_weights{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};

// Since October 2020 the last six digits are drawn at random, so another check digit refutes nothing
// (Ministry of the Interior and Safety, Resident Registration Act, enforcement rules).
validity registration(std::string_view digits, int base) {
  const auto check = (base - weighted_sum(digits, registration_weights) % 11) % 10;
  return check == digits.back() - '0' ? validity::proven : validity::plausible;
}

validity resident(std::string_view digits) {
  return registration(digits, 11);
}

validity foreigner(std::string_view digits) {
  return registration(digits, 13);
}

// The ninth digit counts five times, both digits of the product (National Tax Service).
validity business(std::string_view digits) {
  constexpr std::array weights{1, 3, 7, 1, 3, 7, 1, 3, 5};
  const auto sum = weighted_sum(digits, weights) + (digits[8] - '0') * 5 / 10;
  return (10 - sum % 10) % 10 == digits.back() - '0' ? validity::proven : validity::refuted;
}

// 11 to 28 are the police agencies that issue (Korean National Police Agency).
validity driving_licence(std::string_view digits) {
  const auto agency = number(digits.substr(0, 2));
  return agency >= 11 && agency <= 28 ? validity::proven : validity::refuted;
}

written_form between_any_words(written_form form) {
  form.around = edges::digits;
  return form;
}

constexpr auto birth = "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])";

} // namespace

std::vector<recogniser> korean_recognisers() {
  const std::string date{birth};
  std::vector<written_form> passports{shape("since_2021", R"((?i)\b[MSRODG][0-9]{3}[A-Z][0-9]{4}\b)", 0.1),
                                      shape("before_2021", R"((?i)\b[MSRODG][0-9]{8}\b)", 0.05)};
  for (auto& form : passports)
    form.least_with_context = 0.5;
  return {national("NationalID", "KR_RRN",
                   {between_any_words(checked("resident", date + "-?[1-4][0-9]{6}", 0.5, resident, "rrn"))},
                   {"주민등록번호", "주민번호", "rrn", "resident", "registration", "korean"}, "ko"),
          national("NationalID", "KR_FRN",
                   {between_any_words(checked("foreigner", date + "-?[5-8][0-9]{6}", 0.5, foreigner, "frn"))},
                   {"외국인등록번호", "외국인번호", "frn", "foreigner", "registration", "korean"}, "ko"),
          national("CompanyID", "KR_BRN",
                   {between_any_words(
                     checked("business", R"([0-9]{3}-?[0-9]{2}-?[0-9]{5}\b)", 0.5, business, "brn"))},
                   {"사업자등록번호", "사업자번호", "brn", "business", "registration"}, "ko"),
          national("DriverLicense", "KR_DRIVER_LICENSE",
                   {between_any_words(checked("licence", R"([12][0-9]-?[0-9]{2}-?[0-9]{6}-?[0-9]{2})", 0.5,
                                              driving_licence, "agency"))},
                   {"운전면허", "운전면허번호", "면허번호", "driver", "license", "licence"}, "ko"),
          national("Passport", "KR_PASSPORT", std::move(passports),
                   {"여권", "여권번호", "passport", "대한민국", "korean"}, "ko")};
}

} // namespace guardrails::checks
