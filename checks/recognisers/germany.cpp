// Numbers of Germany: identity card, passport, driving licence, taxes, pension and health insurance,
// physicians, companies, vehicles, postal codes.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// Characters of the serial numbers of documents: digits and letters that resemble neither digits nor each
// other (Bundesministerium des Innern, Personalausweisverordnung, annex 4).
constexpr std::string_view document_letters = "CFGHJKLMNPRTVWXYZ";

validity document_number(std::string_view compact) {
  return icao_valid(compact) ? validity::proven : validity::refuted;
}

// Cards issued before 2021 may be quoted without their check digit.
validity older_card(std::string_view compact) {
  return icao_valid(compact) ? validity::proven : validity::plausible;
}

// Tax identification number: among the first ten digits exactly one occurs twice or three times; MOD 11,10
// (Bundeszentralamt für Steuern). Ten different digits are not assigned, but samples in forms have them.
validity tax_identification(std::string_view digits) {
  if (digits.front() == '0')
    return validity::refuted;
  int repeated = 0;
  for (char digit = '0'; digit <= '9'; ++digit) {
    const auto times = std::ranges::count(digits.substr(0, 10), digit);
    if (times > 3)
      return validity::refuted;
    repeated += times > 1 ? 1 : 0;
  }
  if (repeated > 1 || !mod11_10_valid(digits))
    return validity::refuted;
  return repeated == 1 ? validity::proven : validity::plausible;
}

// Many numbers in use do not satisfy the checksum that is common knowledge, so it only lifts the score.
validity vat_number(std::string_view compact) {
  return mod11_10_valid(compact.substr(2)) ? validity::proven : validity::plausible;
}

// Two digits for a letter: A = 01 … Z = 26.
std::string ordinal(char letter) {
  const auto place = letter - 'A' + 1;
  return {static_cast<char>('0' + place / 10), static_cast<char>('0' + place % 10)};
}

// Pension insurance number: weights over cross sums, the letter as two digits (VKVV, section 4); the day of
// birth may be raised by 50.
validity pension_number(std::string_view compact) {
  constexpr std::array weights{2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
  const auto day = number(compact.substr(2, 2));
  const auto month = number(compact.substr(4, 2));
  if (day < 1 || day > 81 || (day > 31 && day < 51) || month < 1 || month > 12)
    return validity::refuted;
  const auto digits =
    std::string{compact.substr(0, 8)} + ordinal(compact[8]) + std::string{compact.substr(9, 2)};
  return weighted_cross_sum(digits, weights) % 10 == compact.back() - '0' ? validity::proven
                                                                          : validity::refuted;
}

// Health insurance number: weights 1 and 2 over cross sums, the letter as two digits (SGB V, section 290).
validity health_insurance(std::string_view compact) {
  constexpr std::array weights{1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
  const auto digits = ordinal(compact[0]) + std::string{compact.substr(1, 8)};
  return weighted_cross_sum(digits, weights) % 10 == compact.back() - '0' ? validity::proven
                                                                          : validity::refuted;
}

// Physician's number: weights 4 and 9 over six digits give the seventh (KBV, directive on SGB V, section 75).
validity physician_number(std::string_view digits) {
  constexpr std::array weights{4, 9, 4, 9, 4, 9};
  const auto check = (10 - weighted_sum(digits, weights) % 10) % 10;
  return has_different_digits(digits) && check == digits[6] - '0' ? validity::proven : validity::refuted;
}

validity not_only_zeros(std::string_view digits) {
  return digits.find_first_not_of('0') != std::string_view::npos ? validity::plausible : validity::refuted;
}

// Lowest and highest delivery areas in use: 01067 Dresden to 99998 Körner.
validity postal_code(std::string_view digits) {
  const auto code = number(digits);
  return code > 1000 && code < 99'999 ? validity::plausible : validity::refuted;
}

std::vector<recogniser> documents() {
  const std::string letters{document_letters};
  const auto serial = R"((?i)\b[)" + letters + "][0-9" + letters + R"(]{7}[0-9]\b)";
  return {national("NationalID", "DE_ID_CARD",
                   {checked("old_card", R"((?i)\bT[0-9]{8}\b)", 0.5, older_card, "icao9303"),
                    checked("serial_number", serial, 0.4, document_number, "icao9303")},
                   {"personalausweis", "personalausweisnummer", "ausweis", "ausweisnummer", "perso",
                    "identity", "id"},
                   "de"),
          national("Passport", "DE_PASSPORT",
                   {checked("serial_number", serial, 0.4, document_number, "icao9303")},
                   {"reisepass", "pass", "passnummer", "reisepassnummer", "passport", "nr"}, "de"),
          national("DriverLicense", "DE_FUEHRERSCHEIN",
                   {shape("licence_number", R"((?i)\b[A-Z]{2}[0-9]{8}[0-9A-Z]\b)", 0.35)},
                   {"führerschein", "führerscheinnummer", "fuehrerschein", "fahrerlaubnis",
                    "fahrerlaubnisnummer", "driving", "licence", "license"},
                   "de")};
}

std::vector<recogniser> taxes() {
  // 01-16 is the state in the form common to all of them (ELSTER).
  return {national("TaxID", "DE_TAX_ID",
                   {checked("grouped", R"(\b[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}\b)", 0.3, tax_identification,
                            "mod11_10"),
                    checked("digits", R"(\b[0-9]{11}\b)", 0.01, tax_identification, "mod11_10")},
                   {"steuer", "steuerid", "steueridentifikationsnummer", "idnr", "identifikationsnummer",
                    "finanzamt", "tin", "tax"},
                   "de"),
          national("TaxID", "DE_TAX_NUMBER",
                   {shape("elster", R"(\b(?:0[1-9]|1[0-6])[0-9]{11}\b)", 0.5),
                    shape("three_three_five", R"(\b[0-9]{3}/[0-9]{3}/[0-9]{5}\b)", 0.4),
                    shape("slashes", R"(\b[0-9]{2,3}/[0-9]{3,4}/[0-9]{4,5}\b)", 0.2)},
                   {"steuernummer", "steuer", "stnr", "st", "finanzamt", "umsatzsteuer", "einkommensteuer",
                    "steuerbescheid"},
                   "de"),
          national("TaxID", "DE_VAT_ID",
                   {checked("vat_number", R"((?i)\bDE ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}\b)", 0.5, vat_number,
                            "mod11_10")},
                   {"ust", "idnr", "ustid", "umsatzsteuer", "umsatzsteueridentifikationsnummer", "vat",
                    "rechnung", "mehrwertsteuer", "finanzamt"},
                   "de")};
}

std::vector<recogniser> insurance_and_medicine() {
  return {
    national("NationalID", "DE_SOCIAL_SECURITY",
             {checked("pension_number", R"((?i)\b[0-9]{8}[A-Z][0-9]{3}\b)", 0.5, pension_number, "vkvv")},
             {"rentenversicherungsnummer", "sozialversicherungsnummer", "versicherungsnummer", "rvnr", "svnr",
              "sv", "rente", "rentenversicherung", "sozialversicherung"},
             "de"),
    national("HealthID", "DE_HEALTH_INSURANCE",
             {checked("insurance_number", R"((?i)\b[A-Z][0-9]{9}\b)", 0.4, health_insurance, "kvnr")},
             {"krankenversicherung", "krankenversichertennummer", "krankenkasse", "kvnr", "egk",
              "gesundheitskarte", "versichertennummer", "versicherung"},
             "de"),
    national("ProviderID", "DE_LANR",
             {checked("physician_number", R"(\b[0-9]{9}\b)", 0.1, physician_number, "lanr")},
             {"lanr", "arztnummer", "arzt", "ärztin", "dr"}, "de"),
    national("ProviderID", "DE_BSNR", {checked("practice_number", R"(\b[0-9]{9}\b)", 0.2, not_only_zeros)},
             {"bsnr", "betriebsstättennummer", "betriebsstätte", "praxis", "praxisnummer", "arztpraxis"},
             "de")};
}

std::vector<recogniser> registers() {
  auto plz = national("Postcode", "DE_PLZ", {checked("postal_code", R"(\b[0-9]{5}\b)", 0.05, postal_code)},
                      {"plz", "postleitzahl", "postanschrift", "wohnort", "adresse", "anschrift"}, "de");
  plz.sensitive = sensitivity::never;
  return {national("CompanyID", "DE_HANDELSREGISTER",
                   {shape("register_number", R"((?i)\bHR[AB] {0,3}[0-9]{1,6}\b)", 0.5)},
                   {"handelsregister", "handelsregisternummer", "amtsgericht", "registergericht",
                    "eingetragen", "hrb", "hra"},
                   "de"),
          // District, one or two letters, up to four digits; E electric, H historic (FZV, section 9).
          national("VehicleID", "DE_KFZ",
                   {shape("plate", R"((?i)\b[A-ZÄÖÜ]{1,3}(?:-| )[A-Z]{1,2}(?:-| )[0-9]{1,4}[EH]?\b)", 0.3)},
                   {"kennzeichen", "nummernschild", "kfz", "fahrzeug", "auto", "pkw", "lkw", "zulassung",
                    "fahrzeugschein"},
                   "de"),
          std::move(plz)};
}

} // namespace

std::vector<recogniser> german_recognisers() {
  auto all = documents();
  for (auto&& more : {taxes(), insurance_and_medicine(), registers()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace guardrails::checks
