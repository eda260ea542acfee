// Numbers of Finland and Sweden: personal identity codes and organisation numbers.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <string>

namespace guardrails::checks {

namespace {

// Century by the sign in the middle (Digital and Population Data Services Agency, "Personal identity code").
int finnish_century(char sign) {
  const std::string_view nineteenth = "YXWVU-";
  if (sign == '+')
    return 1800;
  return nineteenth.find(sign) != std::string_view::npos ? 1900 : 2000;
}

// Nine digits modulo 31 choose the last character.
validity finnish_code(std::string_view written, char century) {
  constexpr std::string_view characters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  const auto birth = written.substr(0, 6);
  const auto individual = written.substr(written.size() - 4, 3);
  const auto year = finnish_century(century) + number(birth.substr(4, 2));
  if (!is_date(year, number(birth.substr(2, 2)), number(birth.substr(0, 2))) || number(individual) < 2)
    return validity::refuted;
  const auto value = number(birth) * 1000 + number(individual);
  return characters[static_cast<std::size_t>(value % 31)] == written.back() ? validity::proven
                                                                            : validity::refuted;
}

// `compact` has lost a sign that is no letter; which of the two it was matters for leap years only.
validity finnish_validity(std::string_view compact) {
  return finnish_code(compact, compact.size() == 11 ? compact[6] : '-');
}

// Ten or twelve digits: Luhn over the last ten (Skatteverket, SKV 704); the day of a coordination number is
// raised by 60.
validity swedish_personal(std::string_view digits) {
  const auto ten = digits.substr(digits.size() - 10);
  const auto month = number(ten.substr(2, 2));
  const auto day = number(ten.substr(4, 2)) % 60;
  const auto year = number(ten.substr(0, 2));
  const auto full = digits.size() == 12 ? number(digits.substr(0, 4)) : 2000 + year;
  const bool dated = is_date(full, month, day) || (digits.size() == 10 && is_date(1900 + year, month, day));
  return dated && luhn_valid(ten) ? validity::proven : validity::refuted;
}

// The third digit is at least 2, so that it is no month (Skatteverket, SKV 709); Luhn.
validity swedish_organisation(std::string_view digits) {
  return luhn_valid(digits) && has_different_digits(digits) ? validity::proven : validity::refuted;
}

written_form glued_to_words(written_form form) {
  form.around = edges::digits;
  return form;
}

} // namespace

std::vector<recogniser> finnish_recognisers() {
  // A word may stand right before the code, but not behind it.
  return {national("NationalID", "FI_PERSONAL_IDENTITY_CODE",
                   {glued_to_words(checked(
                     "identity_code", R"((?i)[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]\b)",
                     0.5, finnish_validity, "mod31"))},
                   {"hetu", "henkilötunnus", "personbeteckning", "personal", "identity", "henkilötunnuksen"},
                   "fi")};
}

std::vector<recogniser> swedish_recognisers() {
  return {
    national(
      "NationalID", "SE_PERSONNUMMER",
      {glued_to_words(checked("personal_number", R"((?:18|19|20)?[0-9]{2}[01][0-9][0-9]{2}[-+]?[0-9]{4}\b)",
                              0.5, swedish_personal, "luhn"))},
      {"personnummer", "personnr", "pnr", "samordningsnummer", "svenskt", "swedish", "identity"}, "sv"),
    national("CompanyID", "SE_ORGANISATIONSNUMMER",
             {checked("organisation_number", R"(\b[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}\b)", 0.5,
                      swedish_organisation, "luhn")},
             {"organisationsnummer", "orgnummer", "orgnr", "org", "företag", "bolag"}, "sv")};
}

} // namespace guardrails::checks
