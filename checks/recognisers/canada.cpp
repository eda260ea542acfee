// Numbers of Canada.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <string_view>

namespace guardrails::checks {

namespace {

// Social insurance number: Luhn; 0 and 8 are not issued (Employment and Social Development Canada). One digit
// in ten holds by chance, so the checksum only refutes.
validity social_insurance(std::string_view digits) {
  const auto first = digits.front();
  return first != '0' && first != '8' && has_different_digits(digits) && luhn_valid(digits)
           ? validity::plausible
           : validity::refuted;
}

} // namespace

std::vector<recogniser> canadian_recognisers() {

  return {national("NationalID", "CA_SIN",
                   {checked("spaces", R"(\b[0-9]{3} [0-9]{3} [0-9]{3}\b)", 0.5, social_insurance),
                    checked("hyphens", R"(\b[0-9]{3}-[0-9]{3}-[0-9]{3}\b)", 0.5, social_insurance),
                    checked("digits", R"(\b[0-9]{9}\b)", 0.05, social_insurance)},
                   {"sin", "social", "insurance", "nas", "assurance", "sociale", "canada", "canadian"})};
}

} // namespace guardrails::checks
