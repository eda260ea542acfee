// Numbers of the United States: routing, bank account, passport, driver's licence, taxpayer, health care. The
// social security number has a file of its own.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/recognisers/template.hpp"

#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// Routing number: weights 3, 7, 1 modulo 10; the first two digits are those of a Federal Reserve district, a
// thrift (+20), an electronic number (+60) or 80 (American Bankers Association).
validity routing_number(std::string_view digits) {
  constexpr std::array weights{3, 7, 1, 3, 7, 1, 3, 7, 1};
  const auto district = number(digits.substr(0, 2));
  const bool assigned = district <= 12 || (district >= 21 && district <= 32) ||
                        (district >= 61 && district <= 72) || district == 80;
  return assigned && has_different_digits(digits) && weighted_sum(digits, weights) % 10 == 0
           ? validity::proven
           : validity::refuted;
}

// Registration of the Drug Enforcement Administration: the 1st, 3rd and 5th digits and twice the 2nd, 4th and
// 6th give the last one, modulo 10. Before them stand the kind of registrant and the initial of the surname,
// or a 9 for a business.
validity dea_number(std::string_view compact) {
  constexpr std::array weights{1, 2, 1, 2, 1, 2};
  constexpr std::string_view unused_registrants = "INOQTVWYZ";
  if (!avoids(compact.substr(0, 1), unused_registrants))
    return validity::refuted;
  const auto digits = compact.substr(compact.size() - 7);
  return weighted_sum(digits, weights) % 10 == digits.back() - '0' ? validity::proven : validity::refuted;
}

// National Provider Identifier: Luhn with the prefix 80840 (CMS, "NPI check digit").
validity provider_number(std::string_view digits) {
  return has_different_digits(digits.substr(0, 9)) && luhn_valid(std::string{"80840"}.append(digits))
           ? validity::proven
           : validity::refuted;
}

validity different_digits(std::string_view compact) {
  return has_different_digits(compact) ? validity::plausible : validity::refuted;
}

recogniser bank_number() {
  auto form = shape("account_number", R"(\b[0-9]{8,17}\b)", 0.05);
  form.least_with_context = 0.5;
  return national("BankAccount", "US_BANK_NUMBER", {form},
                  {"check", "account", "acct", "bank", "save", "savings", "checking", "debit"});
}

recogniser passport() {
  std::vector<written_form> forms{checked("nine_digits", R"(\b[0-9]{9}\b)", 0.05, different_digits),
                                  shape("next_generation", R"((?i)\b[A-Z][0-9]{8}\b)", 0.1)};
  for (auto& form : forms)
    form.least_with_context = 0.5;
  return national("Passport", "US_PASSPORT", std::move(forms), {"passport", "passports", "travel"});
}

// How the states number driver's licences (their motor vehicle departments; the table of the American
// Association of Motor Vehicle Administrators). Formats with letters, one line for the first state that has
// it.
constexpr auto license_formats = std::to_array<std::string_view>({
  "A999999",             // Oregon, Rhode Island, West Virginia
  "A9999999",            // California, New York, Nebraska
  "A99999999",           // Arizona, Hawaii, Massachusetts, Virginia
  "A999",                // Colorado, with up to six digits
  "A9999",               //
  "A99999",              // Missouri, with up to nine digits
  "A999999999",          // Indiana, Kentucky
  "A9999999999",         // Michigan
  "A99999999999",        // Illinois
  "A999999999999",       // Florida, Maryland, Minnesota
  "A9999999999999",      // Wisconsin
  "A99999999999999",     // New Jersey
  "A999999999999999999", // New York
  "A999999R",            // Missouri
  "A9A9A",               // Kansas
  "AA99",                // Colorado, with up to five digits
  "AA999",               // Ohio, with up to seven
  "AA9999",              //
  "AA99999",             // Oregon, West Virginia
  "AA999999",            //
  "AA9999999",           //
  "AA999999A",           // Idaho
  "AAA999999",           // North Dakota
  "99AAA99999",          // New Hampshire
  "99AAA999999",         //
  "999AA9999",           // Iowa
  "999A999999",          // Missouri
  "9999999A",            // Maine, Vermont
  "99999999A",           // New York
  "999999999A",          // Missouri
  "99999999AA",          //
});

validity license_with_letters(std::string_view compact) {
  return spelled_as_any(compact, license_formats) ? validity::plausible : validity::refuted;
}

// Most states number in digits alone: up to 14 in Montana, 16 in New York. Fewer than six tell nothing.
validity license_in_digits(std::string_view digits) {
  return digits.size() <= 14 || digits.size() == 16 ? validity::plausible : validity::refuted;
}

recogniser driver_license() {
  std::vector<written_form> forms{checked("letters_and_digits",
                                          R"((?i)\b(?:[A-Z]{1,3}[0-9]|[0-9]{2,9}[A-Z])[A-Z0-9]{0,17}\b)", 0.3,
                                          license_with_letters),
                                  checked("digits", R"(\b[0-9]{6,16}\b)", 0.01, license_in_digits)};
  for (auto& form : forms)
    form.least_with_context = 0.5;
  return national(
    "DriverLicense", "US_DRIVER_LICENSE", std::move(forms),
    {"driver", "drivers", "driver's", "license", "licence", "permit", "lic", "dls", "cdls", "driving", "dl"});
}

// A social security number in the 900s whose group is 50-65, 70-88, 90-92 or 94-99 (IRS, Internal Revenue
// Manual 3.21.263, "ITIN format").
validity taxpayer(std::string_view digits) {
  const auto group = number(digits.substr(3, 2));
  const bool assigned =
    (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group != 93);
  return assigned && has_different_digits(digits) ? validity::plausible : validity::refuted;
}

recogniser taxpayer_number() {
  auto result = national(
    "TaxID", "US_ITIN",
    {checked("separated", R"(\b9[0-9]{2}[- ][0-9]{2}[- ][0-9]{4}\b)", 0.5, taxpayer),
     checked("digits", R"(\b9[0-9]{8}\b)", 0.3, taxpayer),
     checked("half_separated", R"(\b9(?:[0-9]{2}[- ][0-9]{6}|[0-9]{4}[- ][0-9]{4})\b)", 0.05, taxpayer)},
    {"individual", "taxpayer", "itin", "tax", "payer", "taxid", "tin"});
  result.sensitive = sensitivity::by_itself;
  return result;
}

// Medicare Beneficiary Identifier: the kind of each of the eleven places is fixed; S, L, O, I, B and Z are
// not used (CMS, "Understanding the MBI").
recogniser medicare_number() {
  const std::string letter = "[AC-HJKMNP-RT-Y]";
  const std::string either = "[0-9AC-HJKMNP-RT-Y]";
  const auto first = "[1-9]" + letter + either + "[0-9]";
  const auto second = letter + either + "[0-9]";
  const auto third = letter + letter + "[0-9]{2}";
  auto result = national("HealthID", "US_MBI",
                         {shape("hyphens", R"((?i)\b)" + first + "-" + second + "-" + third + R"(\b)", 0.5),
                          shape("plain", R"((?i)\b)" + first + second + third + R"(\b)", 0.3)},
                         {"medicare", "mbi", "beneficiary", "cms", "medicaid", "hic", "hicn"});
  result.refutable = false;
  return result;
}

} // namespace

std::vector<recogniser> united_states_recognisers() {
  auto license = national("MedicalLicense", "MEDICAL_LICENSE",
                          {checked("dea", R"((?i)\b[A-Z][A-Z9][0-9]{7}\b)", 0.4, dea_number, "dea")},
                          {"medical", "certificate", "dea", "registration", "license"});
  license.sensitive = sensitivity::by_itself;
  return {
    national("RoutingNumber", "ABA_ROUTING_NUMBER",
             {checked("hyphens", R"(\b[0-9]{4}-[0-9]{4}-[0-9]\b)", 0.3, routing_number, "aba"),
              checked("digits", R"(\b[0-9]{9}\b)", 0.05, routing_number, "aba")},
             {"aba", "routing", "abarouting", "association", "bankrouting", "transit", "rtn"}),
    bank_number(),
    passport(),
    driver_license(),
    taxpayer_number(),
    national("ProviderID", "US_NPI",
             {checked("grouped", R"(\b[12][0-9]{3}[- ][0-9]{3}[- ][0-9]{3}\b)", 0.4, provider_number, "npi"),
              checked("digits", R"(\b[12][0-9]{9}\b)", 0.1, provider_number, "npi")},
             {"npi", "provider", "npis", "taxonomy", "physician", "practitioner"}),
    medicare_number(),
    std::move(license)};
}

} // namespace guardrails::checks
