// Numbers of India: Aadhaar, permanent account, goods and services tax, passport, voter, vehicle.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/recognisers/template.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// Verhoeff; never a palindrome (Unique Identification Authority of India).
validity aadhaar(std::string_view digits) {
  const bool palindrome = std::equal(digits.begin(), digits.begin() + 6, digits.rbegin());
  return !palindrome && verhoeff_valid(digits) ? validity::proven : validity::refuted;
}

// Behind a state code of 01-37 stands a permanent account number, an entity digit, Z and a check character;
// nothing else has this shape, so it proves itself.
validity goods_and_services_tax(std::string_view compact) {
  const auto state = number(compact.substr(0, 2));
  return state >= 1 && state <= 37 && compact[12] != '0' ? validity::proven : validity::refuted;
}

// The fourth letter is the kind of holder: association, body, company, firm, government, Hindu family,
// juridical person, local authority, person, trust (Income Tax Department, "Structure of PAN").
validity permanent_account(std::string_view compact) {
  return consists_of(compact.substr(3, 1), "ABCFGHJLPT") ? validity::plausible : validity::refuted;
}

// An account number with its parts swapped: ten letters and digits of both kinds, four digits in a row.
validity swapped_account(std::string_view compact) {
  return compact.size() == 10 && std::ranges::any_of(compact, [](char c) { return c >= 'A'; })
           ? validity::plausible
           : validity::refuted;
}

recogniser account_number() {
  const std::string account = R"((?i)\b[A-Z]{5}[0-9]{4}[A-Z]\b)";
  return national("TaxID", "IN_PAN",
                  {checked("kind_of_holder", account, 0.5, permanent_account),
                   shape("any_letters", account, 0.1),
                   checked("swapped", R"((?i)\b[A-Z]{0,6}[0-9]{4}[A-Z0-9]{0,6}\b)", 0.01, swapped_account)},
                  {"permanent", "account", "pan"});
}

// A letter other than Q, X and Z, seven digits, neither the first nor the last of them a zero (Ministry of
// External Affairs).
validity passport_number(std::string_view compact) {
  return avoids(compact.substr(0, 1), "QXZ") && compact[1] != '0' && compact.back() != '0'
           ? validity::plausible
           : validity::refuted;
}

// States and union territories as registration marks abbreviate them, with the number of their registering
// offices, 99 where new ones keep being opened (Ministry of Road Transport and Highways, VAHAN).
struct registering_state {
  std::string_view code;
  int offices;
};

constexpr auto registering_states = std::to_array<registering_state>(
  {{"AN", 2},  {"AP", 40}, {"AR", 26}, {"AS", 34}, {"BR", 57}, {"CG", 31}, {"CH", 4},  {"DD", 3},
   {"DL", 18}, {"DN", 9},  {"GA", 12}, {"GJ", 39}, {"HP", 99}, {"HR", 99}, {"JH", 24}, {"JK", 22},
   {"KA", 71}, {"KL", 99}, {"LA", 2},  {"LD", 9},  {"MH", 58}, {"ML", 10}, {"MN", 7},  {"MP", 71},
   {"MZ", 8},  {"NL", 10}, {"OD", 35}, {"OR", 35}, {"PB", 99}, {"PY", 5},  {"RJ", 60}, {"SK", 8},
   {"TG", 38}, {"TN", 99}, {"TR", 8},  {"TS", 38}, {"UA", 20}, {"UK", 20}, {"UP", 96}, {"WB", 98}});

bool is_office(std::string_view state, int office) {
  const auto found = std::ranges::lower_bound(registering_states, state, {}, &registering_state::code);
  return found != registering_states.end() && found->code == state && office >= 1 && office <= found->offices;
}

// State, office, series, number (Central Motor Vehicles Rules, rule 50); a mark of a state or an office that
// is not on the list may be newer than it.
validity state_mark(std::string_view compact) {
  constexpr auto formats = std::to_array<std::string_view>(
    {"AA9A9999", "AA9AA9999", "AA9AAA9999", "AA99A9999", "AA99AA9999", "AA99AAA9999"});
  if (!spelled_as_any(compact, formats))
    return validity::refuted;
  const auto office = compact.substr(2, is_digit(compact[3]) ? 2 : 1);
  return is_office(compact.substr(0, 2), number(office)) ? validity::proven : validity::plausible;
}

// Year, BH for Bharat, number, letters other than I and O; issued since 2021.
validity bharat_mark(std::string_view compact) {
  constexpr auto formats = std::to_array<std::string_view>({"99BH9999A", "99BH9999AA"});
  const bool fits =
    spelled_as_any(compact, formats) && number(compact.substr(0, 2)) >= 21 && avoids(compact.substr(8), "IO");
  return fits ? validity::plausible : validity::refuted;
}

// Behind the broad arrow: year, class of vehicle, number, check letter.
validity military_mark(std::string_view compact) {
  return spelled_as(compact, "99A999999A") ? validity::plausible : validity::refuted;
}

// Country of the mission; diplomatic corps, consular corps or United Nations; number of the vehicle.
validity diplomatic_mark(std::string_view compact) {
  const auto kind = compact.find_first_not_of("0123456789");
  const auto corps = compact.substr(kind, 2);
  const bool known = corps == "CC" || corps == "CD" || corps == "UN";
  return kind >= 1 && known && compact[kind + 2] != '0' ? validity::plausible : validity::refuted;
}

// Marks from before 1989: a letter or a few for the district, a number.
validity district_mark(std::string_view compact) {
  constexpr auto formats = std::to_array<std::string_view>({"A9999", "A99999", "AA9999"});
  return spelled_as_any(compact, formats) && !compact.ends_with("0000") ? validity::plausible
                                                                        : validity::refuted;
}

validity three_letter_mark(std::string_view compact) {
  return compact.ends_with("0000") ? validity::refuted : validity::plausible;
}

recogniser vehicle() {
  const std::string of_a_state = R"((?i)\b[A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}\b)";
  const std::string year_first =
    R"((?i)\b[0-9]{2}[ -]?(?:BH[ -]?[0-9]{4}[ -]?[A-Z]{1,2}|[A-Z][ -]?[0-9]{6}[A-Z])\b)";
  return national(
    "VehicleID", "IN_VEHICLE_REGISTRATION",
    {checked("state", of_a_state, 0.5, state_mark, "registering_office"),
     checked("bharat", year_first, 0.85, bharat_mark), checked("military", year_first, 0.85, military_mark),
     checked("diplomatic", R"((?i)\b[0-9]{1,3} ?(?:CC|CD|UN) ?[0-9]{1,4}\b)", 0.4, diplomatic_mark),
     checked("three_letters", R"((?i)\b[A-Z]{3}[0-9]{4}\b)", 0.2, three_letter_mark),
     checked("district", R"((?i)\b[A-Z]{1,2}[0-9]{4,5}\b)", 0.01, district_mark)},
    {"rto", "vehicle", "plate", "registration", "bike", "car"});
}

} // namespace

std::vector<recogniser> indian_recognisers() {
  auto passport = checked("passport_number", R"((?i)\b[A-Z][0-9]{2} ?[0-9]{5}\b)", 0.1, passport_number);
  passport.least_with_context = 0.5;
  return {national("NationalID", "IN_AADHAAR",
                   {checked("aadhaar", R"(\b[2-9][0-9]{3}[- :]?[0-9]{4}[- :]?[0-9]{4}\b)", 0.4, aadhaar,
                            "verhoeff")},
                   {"aadhaar", "uidai", "aadhar"}),
          account_number(),
          national("TaxID", "IN_GSTIN",
                   {checked("gstin", R"((?i)\b[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]\b)", 0.5,
                            goods_and_services_tax, "state_code")},
                   {"gst", "gstin", "tax", "registration"}),
          national("Passport", "IN_PASSPORT", {std::move(passport)}, {"passport", "passports", "travel"}),
          // Three letters of the issuing office, seven digits (Election Commission of India).
          national("VoterID", "IN_VOTER", {shape("epic", R"((?i)\b[A-Z]{3}[0-9]{7}\b)", 0.3)},
                   {"voter", "vote", "epic", "elector", "election"}),
          vehicle()};
}

} // namespace guardrails::checks
