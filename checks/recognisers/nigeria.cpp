// Numbers of Nigeria.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

namespace guardrails::checks {

namespace {

// National identification number: Verhoeff (National Identity Management Commission).
validity national_identification(std::string_view digits) {
  return has_different_digits(digits) && verhoeff_valid(digits) ? validity::proven : validity::refuted;
}

} // namespace

std::vector<recogniser> nigerian_recognisers() {
  return {
    national("NationalID", "NG_NIN",
             {checked("digits", R"(\b[0-9]{11}\b)", 0.1, national_identification, "verhoeff")},
             {"nin", "nimc", "nigerian", "nigeria"}),
    // Three letters of the local government area, three digits, two letters (Federal Road Safety Corps).
    national("VehicleID", "NG_VEHICLE_REGISTRATION",
             {shape("plate", R"(\b[A-Z]{3}[- ]?[0-9]{3}[- ]?[A-Z]{2}\b)", 0.5),
              shape("lower case", R"((?i)\b[A-Z]{3}[- ]?[0-9]{3}[- ]?[A-Z]{2}\b)", 0.1)},
             {"plate", "plates", "vehicle", "registration", "frsc", "car"})};
}

} // namespace guardrails::checks
