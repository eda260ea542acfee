// Numbers of Australia: business, company, tax file, Medicare.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <array>

namespace guardrails::checks {

namespace {

// Business number: one less in the first place, weights modulo 89 (Australian Business Register, "Format of
// the ABN").
validity business(std::string_view digits) {
  constexpr std::array weights{10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
  const auto sum = weighted_sum(digits, weights) - weights[0];
  return digits.front() != '0' && sum % 89 == 0 ? validity::proven : validity::refuted;
}

// Company number: weights 8 to 1, the complement to 10 (ASIC, "ACN check digit").
validity company(std::string_view digits) {
  constexpr std::array weights{8, 7, 6, 5, 4, 3, 2, 1};
  const auto check = (10 - weighted_sum(digits, weights) % 10) % 10;
  return has_different_digits(digits) && check == digits.back() - '0' ? validity::proven : validity::refuted;
}

// Tax file number: weights modulo 11 over all nine digits (Australian Taxation Office).
validity tax_file(std::string_view digits) {
  constexpr std::array weights{1, 4, 3, 7, 5, 8, 6, 9, 10};
  return has_different_digits(digits) && weighted_sum(digits, weights) % 11 == 0 ? validity::proven
                                                                                 : validity::refuted;
}

// Medicare card: weights over eight digits give the ninth, modulo 10 (Services Australia).
validity medicare(std::string_view digits) {
  constexpr std::array weights{1, 3, 7, 9, 1, 3, 7, 9};
  return weighted_sum(digits, weights) % 10 == digits[8] - '0' ? validity::proven : validity::refuted;
}

} // namespace

std::vector<recogniser> australian_recognisers() {
  return {
    national(
      "CompanyID", "AU_ABN",
      {checked("business_number", R"(\b[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}\b)", 0.1, business, "abn")},
      {"australian", "business", "number", "abn"}),
    national("CompanyID", "AU_ACN",
             {checked("company_number", R"(\b[0-9]{3} ?[0-9]{3} ?[0-9]{3}\b)", 0.1, company, "acn")},
             {"australian", "company", "number", "acn"}),
    national("TaxID", "AU_TFN",
             {checked("tax_file_number", R"(\b[0-9]{3} ?[0-9]{3} ?[0-9]{3}\b)", 0.1, tax_file, "tfn")},
             {"australian", "tax", "file", "tfn"}),
    national("HealthID", "AU_MEDICARE",
             {checked("card_number", R"(\b[2-6][0-9]{3} ?[0-9]{5} ?[0-9]\b)", 0.1, medicare, "medicare")},
             {"medicare", "australian"})};
}

} // namespace guardrails::checks
