// Numbers of Spain: identity card, foreigner's number, passport.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <string>

namespace guardrails::checks {

namespace {

// The number modulo 23 chooses the letter (Ministerio del Interior, "Cálculo del dígito de control").
validity letter_of(std::string_view digits, char letter) {
  constexpr std::string_view letters = "TRWAGMYFPDXBNJZSQVHLCKE";
  return letters[static_cast<std::size_t>(number(digits) % 23)] == letter ? validity::proven
                                                                          : validity::refuted;
}

validity identity_card(std::string_view compact) {
  return letter_of(compact.substr(0, compact.size() - 1), compact.back());
}

// X, Y and Z stand for a leading 0, 1 and 2.
validity foreigner_number(std::string_view compact) {
  std::string digits{compact.substr(0, compact.size() - 1)};
  digits.front() = static_cast<char>('0' + (digits.front() - 'X'));
  return letter_of(digits, compact.back());
}

} // namespace

std::vector<recogniser> spanish_recognisers() {
  auto passport = shape("passport_number", R"((?i)\b[A-Z]{3}[0-9]{6}\b)", 0.05);
  passport.least_with_context = 0.5;
  return {
    national("NationalID", "ES_NIF",
             {checked("identity_card", R"((?i)\b[0-9]{7,8}-?[A-Z]\b)", 0.5, identity_card, "mod23")},
             {"documento", "identidad", "dni", "nif", "identificación", "identificacion"}, "es"),
    national("NationalID", "ES_NIE",
             {checked("foreigner_number", R"((?i)\b[XYZ][0-9]{7}-?[A-Z]\b)", 0.5, foreigner_number, "mod23")},
             {"número", "identificación", "extranjero", "nie", "identificacion"}, "es"),
    national("Passport", "ES_PASSPORT", {passport}, {"pasaporte", "pasaportes", "passport"}, "es")};
}

} // namespace guardrails::checks
