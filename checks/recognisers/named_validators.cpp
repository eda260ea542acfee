// Checksums of which a configuration knows the names.
#include "checks/recognisers/named_validators.hpp"

#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"

#include <guardrails/pii.hpp>

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

validity proven_if(bool holds) {
  return holds ? validity::proven : validity::refuted;
}

template <bool (*Holds)(std::string_view) noexcept>
validity over_digits(std::string_view compact) {
  return proven_if(!compact.empty() && std::ranges::all_of(compact, is_digit) && Holds(compact));
}

validity mod97_10(std::string_view compact) {
  return proven_if(mod97(compact) == 1);
}

validity icao(std::string_view compact) {
  return proven_if(!compact.empty() && icao_valid(compact));
}

constexpr std::array validators{
  named_validator{"icao9303", icao},
  named_validator{"luhn", over_digits<luhn_valid>},
  named_validator{"mod11_10", over_digits<mod11_10_valid>},
  named_validator{"mod97_10", mod97_10},
  named_validator{"verhoeff", over_digits<verhoeff_valid>},
};

} // namespace

const named_validator* find_validator(std::string_view name) {
  const auto found = std::ranges::find(validators, name, &named_validator::name);
  return found == validators.end() ? nullptr : &*found;
}

} // namespace guardrails::checks

namespace guardrails {

std::vector<std::string_view> known_validators() {
  std::vector<std::string_view> names;
  for (const auto& v : checks::validators)
    names.push_back(v.name);
  return names;
}

} // namespace guardrails
