// Numbers of Turkey: national identity, telephone, vehicle.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// The tenth digit is seven times the sum of the odd places less that of the even ones, the eleventh the sum
// of the ten, both modulo 10 (Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü).
validity identity_number(std::string_view digits) {
  constexpr std::array tenth{7, 9, 7, 9, 7, 9, 7, 9, 7};
  constexpr std::array eleventh{1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  return weighted_sum(digits, tenth) % 10 == digits[9] - '0' &&
             weighted_sum(digits, eleventh) % 10 == digits[10] - '0'
           ? validity::proven
           : validity::refuted;
}

// The province code is all there is to check, yet the shape is seldom anything else.
validity plate(std::string_view) {
  return validity::proven;
}

// Area codes (BTK, Milli Numaralandırma Planı).
constexpr auto area_codes = std::to_array<int>(
  {212, 216, 222, 224, 226, 228, 232, 236, 242, 244, 246, 248, 252, 256, 258, 262, 264, 266, 272, 274, 276,
   282, 284, 286, 288, 312, 318, 322, 324, 326, 328, 332, 338, 342, 344, 346, 348, 352, 354, 356, 358, 362,
   364, 366, 368, 370, 372, 374, 376, 378, 380, 382, 384, 386, 388, 392, 412, 414, 416, 422, 424, 426, 428,
   432, 434, 436, 438, 442, 446, 452, 454, 456, 458, 462, 464, 466, 472, 474, 476, 478, 482, 484, 486, 488});

// Mobile operators have 50x, 51x and 53x to 55x.
bool is_mobile(int area) {
  const auto tens = area / 10;
  return tens == 50 || tens == 51 || (tens >= 53 && tens <= 55);
}

// Ten digits behind a trunk 0 or the country code 90, if any.
validity telephone(std::string_view digits) {
  if (digits.size() < 10)
    return validity::refuted;
  const auto area = number(digits.substr(digits.size() - 10, 3));
  return is_mobile(area) || std::ranges::binary_search(area_codes, area) ? validity::plausible
                                                                         : validity::refuted;
}

std::string telephone_expression() {
  const std::string s = "[ .-]?";
  const auto trunk = R"((?:\+90)" + s + R"(|\b0)" + s + R"(|\b)\(?)";
  return trunk + R"([2-5][0-9]{2}\)?)" + s + "[0-9]{3}" + s + "[0-9]{2}" + s + R"([0-9]{2}\b)";
}

} // namespace

std::vector<recogniser> turkish_recognisers() {
  return {
    national("NationalID", "TR_NATIONAL_ID",
             {checked("identity_number", R"(\b[1-9][0-9]{10}\b)", 0.3, identity_number, "tckn")},
             {"tc", "tckn", "kimlik", "türkiye", "turkish", "numarası", "vatandaşlık"}, "tr"),
    // Provinces 01-81, up to three letters, two to four digits, five behind a single letter.
    national(
      "VehicleID", "TR_LICENSE_PLATE",
      {checked("plate", R"((?i)\b(?:0[1-9]|[1-7][0-9]|8[01]) ?(?:[A-Z]{1,3} ?[0-9]{2,4}|[A-Z] ?[0-9]{5})\b)",
               0.5, plate, "province")},
      {"plaka", "plakası", "plakasi", "plate", "araç", "araba", "license"}, "tr"),
    national("Phone", "TR_PHONE_NUMBER", {checked("telephone", telephone_expression(), 0.4, telephone)},
             {"telefon", "telefonu", "phone", "cep", "tel", "numara", "numaram", "gsm", "mobile"}, "tr")};
}

} // namespace guardrails::checks
