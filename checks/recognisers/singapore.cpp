// Numbers of Singapore: national registration and companies.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/recognisers/template.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

// The three kinds of unique entity numbers (Accounting and Corporate Regulatory Authority, "What is UEN"):
// businesses, companies with their year, and everybody else, by century, year and kind of entity. The last
// character follows from the others: each one's value times its weight, summed up, chooses it.
struct entity_number {
  std::string_view format;
  std::string_view values; // of characters, by place
  std::array<std::size_t, 9> weights;
  std::string_view check; // characters by remainder modulo 11
};

constexpr std::string_view digits = "0123456789";
constexpr entity_number business{"99999999A", digits, {10, 4, 9, 3, 8, 2, 7, 1, 0}, "XMKECAWLJDB"};
constexpr entity_number company{"999999999A", digits, {10, 8, 6, 4, 9, 7, 5, 3, 1}, "ZKCMDNERGWH"};
// The values leave out I, O, Y and Z, which are not used; the remainder is moved on by six.
constexpr entity_number other{
  "A99AA9999A", "ABCDEFGHJKLMNPQRSTUVWX0123456789", {4, 3, 5, 3, 10, 2, 2, 5, 7}, "GHJKLABCDEF"};

// The kinds of other entities, as the authority's list has them.
constexpr auto entity_kinds = std::to_array<std::string_view>(
  {"CC", "CD", "CH", "CL", "CM", "CP", "CS", "CX", "DP", "FB", "FC", "FM", "FN",
   "GA", "GB", "GS", "HC", "HS", "LL", "LP", "MB", "MC", "MD", "MH", "MM", "MQ",
   "NB", "NR", "PA", "PB", "PF", "RF", "RP", "SM", "SS", "TC", "TU", "VH", "XL"});

bool check_letter_holds(std::string_view compact, const entity_number& kind) {
  if (!spelled_as(compact, kind.format))
    return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i + 1 < compact.size(); ++i) {
    const auto value = kind.values.find(compact[i]);
    if (value == std::string_view::npos)
      return false;
    sum += value * kind.weights[i];
  }
  return kind.check[sum % kind.check.size()] == compact.back();
}

bool is_company(std::string_view compact) {
  const auto century = number(compact.substr(0, 2));
  return century >= 18 && century <= 20 && check_letter_holds(compact, company);
}

bool is_other(std::string_view compact) {
  return consists_of(compact.substr(0, 1), "RST") &&
         std::ranges::binary_search(entity_kinds, compact.substr(3, 2)) && check_letter_holds(compact, other);
}

validity unique_entity(std::string_view compact) {
  const bool holds = compact.size() == 9         ? check_letter_holds(compact, business)
                     : is_digit(compact.front()) ? is_company(compact)
                                                 : is_other(compact);
  return holds ? validity::proven : validity::refuted;
}

// Series in use: S and T for those born before and since 2000, F, G and M for foreigners (Immigration and
// Checkpoints Authority).
validity known_series(std::string_view compact) {
  return consists_of(compact.substr(0, 1), "STFGM") ? validity::plausible : validity::refuted;
}

} // namespace

std::vector<recogniser> singaporean_recognisers() {
  const std::string registration = R"((?i)\b[A-Z][0-9]{7}[A-Z]\b)";
  return {national("NationalID", "SG_NRIC_FIN",
                   {checked("known_series", registration, 0.5, known_series),
                    shape("any_series", registration, 0.3)},
                   {"fin", "nric", "identity"}),
          national("CompanyID", "SG_UEN",
                   {checked("entity_number", R"((?i)\b(?:[0-9]{8,9}|[RST][0-9]{2}[A-Z]{2}[0-9]{4})[A-Z]\b)",
                            0.3, unique_entity, "uen")},
                   {"uen", "entity", "business", "registration", "acra"})};
}

} // namespace guardrails::checks
