// Numbers of the Philippines: taxpayer and mobile telephone.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// Taxpayer number: weights 9 to 2 over eight digits give the ninth, modulo 11; three more are the branch
// (Bureau of Internal Revenue). The checksum only refutes: nine digits with it are common.
validity taxpayer(std::string_view digits) {
  constexpr std::array weights{9, 8, 7, 6, 5, 4, 3, 2};
  return has_different_digits(digits) && weighted_sum(digits, weights) % 11 == digits[8] - '0'
           ? validity::plausible
           : validity::refuted;
}

} // namespace

std::vector<recogniser> philippine_recognisers() {
  const std::string s = "[ .-]?";
  // Mobile numbers are ten digits that start with 9 (National Telecommunications Commission).
  const auto mobile =
    R"((?:\+63)" + s + R"(|\b0)" + s + R"()\(?9[0-9]{2}\)?)" + s + "[0-9]{3}" + s + R"([0-9]{4}\b)";
  return {national("TaxID", "PH_TIN",
                   {checked("hyphens", R"(\b[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3})?\b)", 0.05, taxpayer),
                    checked("digits", R"(\b(?:[0-9]{9}|[0-9]{12})\b)", 0.01, taxpayer)},
                   {"tin", "taxpayer", "bir", "tax", "rdo"}),
          national("Phone", "PH_MOBILE_NUMBER", {shape("mobile", mobile, 0.4)},
                   {"mobile", "phone", "telepono", "numero", "cell", "cellphone", "number", "sms", "text"})};
}

} // namespace guardrails::checks
