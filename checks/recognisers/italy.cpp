// Numbers of Italy: fiscal code, VAT, identity card, passport, driving licence.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/recognisers/template.hpp"

#include <array>
#include <string>

namespace guardrails::checks {

namespace {

int place_of(char c) {
  return c >= 'A' ? c - 'A' : c - '0';
}

// The check letter: characters at even places count as they stand, those at odd places by a table, modulo 26
// (Decreto ministeriale 23.12.1976, art. 8). Letters may replace digits to tell namesakes apart, so a code
// with another check letter is still plausible.
validity fiscal_code(std::string_view compact) {
  constexpr std::array odd{1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                           20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i + 1 < compact.size(); ++i)
    sum += i % 2 == 0 ? odd[static_cast<std::size_t>(place_of(compact[i]))] : place_of(compact[i]);
  return 'A' + sum % 26 == compact.back() ? validity::proven : validity::plausible;
}

// Luhn over eleven digits (Decreto del Presidente della Repubblica 633/1972).
validity vat_number(std::string_view digits) {
  return has_different_digits(digits) && luhn_valid(digits) ? validity::proven : validity::refuted;
}

// Two letters of the office and seven digits, or U1 for the central office and seven characters without
// vowels and the letters that resemble digits; a control letter (Ministero delle Infrastrutture e dei
// Trasporti).
validity driving_licence(std::string_view compact) {
  const bool central = compact.starts_with("U1") && avoids(compact.substr(2, 7), "AEIOQ");
  return central || spelled_as(compact, "AA9999999A") ? validity::plausible : validity::refuted;
}

// Digits and the letters that stand for them: L M N P Q R S T U V are 0 to 9.
constexpr std::string_view digit = "[0-9LMNP-V]";

recogniser fiscal_code_recogniser() {
  const std::string d{digit};
  const auto day = "(?:[0-7LMNP-T]" + d + ")";
  const auto shape_of_code =
    R"((?i)\b[A-Z]{6})" + d + "{2}[A-EHLMPR-T]" + day + "[A-Z]" + d + R"({3}[A-Z]\b)";
  return national("TaxID", "IT_FISCAL_CODE",
                  {checked("fiscal_code", shape_of_code, 0.3, fiscal_code, "mod26")},
                  {"codice", "fiscale", "cf", "c.f"}, "it");
}

} // namespace

std::vector<recogniser> italian_recognisers() {
  std::vector<recogniser> all{
    fiscal_code_recogniser(),
    national("TaxID", "IT_VAT_CODE",
             {checked("vat_number", R"(\b(?:[0-9][ _]?){10}[0-9]\b)", 0.1, vat_number, "luhn")},
             {"piva", "partita", "iva", "pi"}, "it"),
    national("DriverLicense", "IT_DRIVER_LICENSE",
             {checked("licence_number", R"((?i)\b[A-Z][A-Z1][A-Z0-9]{7}[A-Z]\b)", 0.2, driving_licence)},
             {"patente", "guida", "licenza"}, "it"),
    national("NationalID", "IT_IDENTITY_CARD",
             {shape("paper_card", R"((?i)\b[A-Z]{2} ?[0-9]{7}\b)", 0.01),
              shape("old_electronic_card", R"((?i)\b[0-9]{7}[A-Z]{2}\b)", 0.01),
              shape("electronic_card", R"((?i)\b[A-Z]{2}[0-9]{5}[A-Z]{2}\b)", 0.01)},
             {"carta", "identità", "identita", "elettronica", "cie", "documento", "riconoscimento"}, "it"),
    national("Passport", "IT_PASSPORT", {shape("passport_number", R"((?i)\b[A-Z]{2}[0-9]{7}\b)", 0.01)},
             {"passaporto", "elettronico", "italiano", "viaggio", "viaggiare", "estero", "dogana"}, "it")};
  for (std::size_t i = 3; i < all.size(); ++i)
    for (auto& form : all[i].forms)
      form.least_with_context = 0.5;
  return all;
}

} // namespace guardrails::checks
