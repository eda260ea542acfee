// Numbers of the United Kingdom: health service, national insurance, passport, driving licence, vehicle,
// postcode.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/recognisers/template.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// NHS number: weights 10 to 1 over all ten digits, modulo 11 (NHS Data Dictionary, "NHS NUMBER").
validity health_number(std::string_view digits) {
  constexpr std::array weights{10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  return has_different_digits(digits) && weighted_sum(digits, weights) % 11 == 0 ? validity::proven
                                                                                 : validity::refuted;
}

// Letters and pairs that no prefix has (HM Revenue & Customs, National Insurance Manual 39110).
validity insurance_number(std::string_view compact) {
  constexpr auto never = std::to_array<std::string_view>({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"});
  const auto prefix = compact.substr(0, 2);
  const bool issued = avoids(prefix, "DFIQUV") && prefix[1] != 'O' &&
                      std::ranges::find(never, prefix) == never.end() &&
                      consists_of(compact.substr(8), "ABCD");
  return issued ? validity::plausible : validity::refuted;
}

// Registration marks (DVLA, INF104). I and Q are in none of them, Z only among the last three letters.
constexpr std::string_view unused_letters = "IQ";
constexpr std::string_view unused_in_tags = "IQZ";
constexpr std::string_view unused_for_years = "IOQUZ";

// Since September 2001: two letters of the place, the age, three letters. The age is the year from March and
// the year plus fifty from September.
validity current_plate(std::string_view compact) {
  constexpr int first_september = 51;
  constexpr int first_march = 2;
  constexpr int years_of_scheme = 28; // the last marks are those of 2029 and 2079
  if (!spelled_as(compact, "AA99AAA") || !avoids(compact.substr(0, 2), unused_in_tags) ||
      !avoids(compact.substr(4), unused_letters))
    return validity::refuted;
  const auto age = number(compact.substr(2, 2));
  const bool march = age >= first_march && age < first_march + years_of_scheme;
  const bool september = age >= first_september && age <= first_september + years_of_scheme;
  return march || september ? validity::proven : validity::refuted;
}

// 1983 to 2001: the letter of the year, a number, three letters.
validity prefix_plate(std::string_view compact) {
  constexpr auto formats = std::to_array<std::string_view>({"A9AAA", "A99AAA", "A999AAA"});
  const bool fits = spelled_as_any(compact, formats) && avoids(compact.substr(0, 1), unused_for_years) &&
                    avoids(compact.substr(compact.size() - 3, 3), unused_letters) &&
                    compact[compact.size() - 3] != 'Z';
  return fits ? validity::plausible : validity::refuted;
}

// 1963 to 1983: the same in the opposite order.
validity suffix_plate(std::string_view compact) {
  constexpr auto formats = std::to_array<std::string_view>({"AAA9A", "AAA99A", "AAA999A"});
  const bool fits = spelled_as_any(compact, formats) && avoids(compact.substr(0, 3), unused_letters) &&
                    avoids(compact.substr(compact.size() - 1), unused_for_years);
  return fits ? validity::plausible : validity::refuted;
}

recogniser vehicle() {
  const std::string letters_first = R"((?i)\b[A-Z]{1,2}[0-9]{1,3}[- ]?[A-Z]{3}\b)";
  return national("VehicleID", "UK_VEHICLE_REGISTRATION",
                  {checked("current", letters_first, 0.3, current_plate, "age_identifier"),
                   checked("prefix", letters_first, 0.2, prefix_plate),
                   checked("suffix", R"((?i)\b[A-Z]{3}[- ]?[0-9]{1,3}[- ]?[A-Z]\b)", 0.15, suffix_plate)},
                  {"vehicle", "vehicles", "registration", "plate", "reg", "vrn", "dvla", "v5c", "logbook",
                   "mot", "car", "licence", "license", "insured"});
}

// The six layouts of the outward code, and the letters that its places and the inward code do without
// (British Standard 7666-2; Royal Mail, Programmers' Guide to PAF). GIR 0AA is Girobank's.
validity postcode(std::string_view compact) {
  constexpr auto layouts = std::to_array<std::string_view>({"A9", "A99", "AA9", "AA99", "A9A", "AA9A"});
  if (compact == "GIR0AA")
    return validity::plausible;
  const auto outward = compact.substr(0, compact.size() - 3);
  if (!spelled_as_any(outward, layouts) || !avoids(compact.substr(compact.size() - 2), "CIKMOV") ||
      !avoids(outward.substr(0, 1), "QVX"))
    return validity::refuted;
  const bool two_letters = outward[1] >= 'A';
  const bool letter_at_end = outward.back() >= 'A';
  const bool fits = (!two_letters || avoids(outward.substr(1, 1), "IJZ")) &&
                    (!letter_at_end || avoids(outward.substr(outward.size() - 1),
                                              two_letters ? "CDFGIJKLOQSTUZ" : "ILMNOQRVXYZ"));
  return fits ? validity::plausible : validity::refuted;
}

// Five letters of the surname filled up with nines, decade, month (plus 50 for women), day, year, two
// initials or nines and three characters (DVLA, INF45).
validity driving_licence(std::string_view compact) {
  const auto surname = compact.substr(0, 5);
  const auto letters = surname.substr(0, surname.find('9'));
  if (letters.empty() || !consists_of(surname.substr(letters.size()), "9"))
    return validity::refuted;
  constexpr int raised_for_women = 50;
  const auto month = number(compact.substr(6, 2));
  const auto born_in = month > raised_for_women ? month - raised_for_women : month;
  return is_date(2000, born_in, number(compact.substr(8, 2))) ? validity::plausible : validity::refuted;
}

recogniser passport() {
  auto form = shape("passport_number", R"((?i)\b[A-Z]{2}[0-9]{7}\b)", 0.1);
  form.least_with_context = 0.5;
  return national("Passport", "UK_PASSPORT", {form}, {"passport", "passports", "travel", "hmpo", "british"});
}

} // namespace

std::vector<recogniser> british_recognisers() {
  auto address = national(
    "Postcode", "UK_POSTCODE",
    {checked("postcode", R"((?i)\b(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR) ?[0-9][A-Z]{2}\b)", 0.1, postcode)},
    {"postcode", "postal", "post", "zip", "address", "delivery", "mailing", "shipping", "correspondence"});
  address.sensitive = sensitivity::never;
  return {vehicle(),
          std::move(address),
          national(
            "HealthID", "UK_NHS",
            {checked("nhs_number", R"(\b[0-9]{3}[- ]?[0-9]{3}[- ]?[0-9]{4}\b)", 0.5, health_number, "mod11")},
            {"nhs", "national", "health", "service", "patient"}),
          national("NationalID", "UK_NINO",
                   {checked("national_insurance", R"((?i)\b[A-Z]{2}(?: ?[0-9]{2}){3} ?[A-Z]\b)", 0.5,
                            insurance_number)},
                   {"national", "insurance", "ni", "nino", "nin"}),
          passport(),
          national("DriverLicense", "UK_DRIVING_LICENCE",
                   {checked("driver_number", R"((?i)\b[A-Z9]{5}[0-9]{6}[A-Z9]{2}[A-Z0-9][A-Z]{2}\b)", 0.5,
                            driving_licence)},
                   {"driving", "licence", "license", "driver", "dvla", "driver's", "dl"})};
}

} // namespace guardrails::checks
