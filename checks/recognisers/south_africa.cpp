// Numbers of South Africa.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

namespace guardrails::checks {

namespace {

// Identity number: date of birth, serial, citizenship 0-2, a digit of old, Luhn (Department of Home Affairs).
validity identity_number(std::string_view digits) {
  const auto year = number(digits.substr(0, 2));
  const auto month = number(digits.substr(2, 2));
  const auto day = number(digits.substr(4, 2));
  const bool dated = is_date(1900 + year, month, day) || is_date(2000 + year, month, day);
  return dated && digits[10] <= '2' && luhn_valid(digits) ? validity::proven : validity::refuted;
}

} // namespace

std::vector<recogniser> south_african_recognisers() {
  return {national("NationalID", "ZA_ID_NUMBER",
                   {checked("identity_number", R"(\b[0-9]{13}\b)", 0.4, identity_number, "luhn")},
                   {"rsa", "african", "identity", "id", "south", "resident"})};
}

} // namespace guardrails::checks
