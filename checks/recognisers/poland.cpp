// Numbers of Poland.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <array>

namespace guardrails::checks {

namespace {

// PESEL: the month carries the century in steps of 20 from 1800 at +80; weights 1, 3, 7, 9 modulo 10 (Ustawa
// o ewidencji ludności, art. 15).
validity pesel(std::string_view digits) {
  constexpr std::array weights{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
  constexpr std::array centuries{1900, 2000, 2100, 2200, 1800};
  const auto raised = number(digits.substr(2, 2));
  const auto year = centuries[static_cast<std::size_t>(raised / 20)] + number(digits.substr(0, 2));
  return is_date(year, raised % 20, number(digits.substr(4, 2))) && weighted_sum(digits, weights) % 10 == 0
           ? validity::proven
           : validity::refuted;
}

} // namespace

std::vector<recogniser> polish_recognisers() {
  return {national("NationalID", "PL_PESEL", {checked("pesel", R"(\b[0-9]{11}\b)", 0.4, pesel, "pesel")},
                   {"pesel", "ewidencyjny", "numer", "identyfikacyjny"}, "pl")};
}

} // namespace guardrails::checks
