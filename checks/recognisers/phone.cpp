// Telephone numbers: international with a country code, North American, and national forms that need a word
// of context.
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

constexpr double well_formed = 0.75;
constexpr double plain_digits = 0.4;
constexpr double local_number = 0.2;
constexpr std::size_t longest_number = 15; // ITU-T E.164, 6.1

// Country calling codes with the digits of a whole number where that is much narrower than E.164's bounds
// (ITU-T E.164 assigned country codes; national numbering plans).
struct calling_code {
  std::string_view code;
  std::size_t shortest;
  std::size_t longest;
};

constexpr std::array narrow_plans{
  calling_code{"1", 11, 11},   calling_code{"7", 11, 11},   calling_code{"20", 10, 12},
  calling_code{"27", 11, 11},  calling_code{"30", 12, 12},  calling_code{"31", 11, 11},
  calling_code{"32", 10, 11},  calling_code{"33", 11, 11},  calling_code{"34", 11, 11},
  calling_code{"36", 10, 11},  calling_code{"39", 8, 13},   calling_code{"40", 11, 11},
  calling_code{"41", 11, 11},  calling_code{"43", 8, 15},   calling_code{"44", 11, 12},
  calling_code{"45", 10, 10},  calling_code{"46", 9, 11},   calling_code{"47", 10, 10},
  calling_code{"48", 11, 11},  calling_code{"49", 8, 14},   calling_code{"52", 12, 13},
  calling_code{"55", 12, 13},  calling_code{"61", 11, 11},  calling_code{"65", 10, 10},
  calling_code{"81", 11, 12},  calling_code{"82", 10, 12},  calling_code{"86", 11, 13},
  calling_code{"90", 12, 12},  calling_code{"91", 12, 12},  calling_code{"351", 12, 12},
  calling_code{"353", 9, 12},  calling_code{"420", 12, 12}, calling_code{"852", 11, 11},
  calling_code{"971", 11, 12}, calling_code{"972", 11, 12},
};

// Two-digit codes assigned as a whole; every other first pair starts a three-digit code.
constexpr std::string_view two_digit_codes =
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 "
  "58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";

// Digits that a whole international number may have, its country code included.
calling_code plan_of(std::string_view digits) {
  for (const auto& plan : narrow_plans)
    if (digits.starts_with(plan.code))
      return plan;
  const auto pair = digits.substr(0, 2);
  return two_digit_codes.find(pair) != std::string_view::npos ? calling_code{pair, 9, 13}
                                                              : calling_code{pair, 9, 14};
}

// Numbers of the North American Numbering Plan: NPA-NXX with N in 2-9, no N9X area and no N11 code
// (NANPA numbering rules).
bool is_north_american(std::string_view ten) {
  const auto code = [](std::string_view three) {
    return three[0] >= '2' && !(three[1] == '1' && three[2] == '1');
  };
  return ten.size() == 10 && code(ten.substr(0, 3)) && ten[1] != '9' && code(ten.substr(3, 3));
}

// Digit groups with one or two separators between them, brackets included: `+44 (20) 7946-0958`.
digit_chain read_dialled(std::string_view text, std::size_t pos) {
  digit_chain chain;
  while (pos < text.size() && chain.digits.size() <= longest_number) {
    auto end = pos;
    while (end < text.size() && is_digit(text[end]) && end - pos <= longest_number)
      ++end;
    if (end == pos)
      break;
    chain.digits.append(text.substr(pos, end - pos));
    chain.groups.push_back({pos, end});
    pos = end;
    for (int separators = 0; separators < 3 && pos < text.size() && !is_digit(text[pos]); ++separators) {
      const auto gap =
        text[pos] == '(' || text[pos] == ')' || text[pos] == '/' ? 1 : separator_length(text, pos);
      if (gap == 0)
        return chain;
      pos += gap;
    }
  }
  return chain;
}

// `+40.7128` is a coordinate.
bool is_decimal(std::string_view text, const digit_chain& chain, std::size_t groups) {
  return groups == 2 && text[chain.groups[0].end] == '.' && chain.groups[1].begin == chain.groups[0].end + 1;
}

bool fits_plan(std::string_view digits) {
  const auto plan = plan_of(digits);
  if (digits.size() < plan.shortest || digits.size() > plan.longest)
    return false;
  return plan.code != "1" || is_north_american(digits.substr(1));
}

verdict verify_international(std::string_view text, match_range candidate) {
  const auto sign = text[candidate.begin] == '+' ? 1u : 0u;
  const auto chain = read_dialled(text, candidate.begin + sign);
  auto digits = std::string_view{chain.digits};
  const auto plus_glued =
    candidate.begin > 0 && (is_digit(text[candidate.begin - 1]) || text[candidate.begin - 1] == '+');
  for (auto count = plus_glued ? 0 : chain.groups.size(); count > 0; --count) {
    const match_range number{chain.groups.front().begin, chain.groups[count - 1].end};
    if (fits_plan(digits) && !is_decimal(text, chain, count) && stands_alone(text, number))
      return {recognised{{candidate.begin, number.end}, well_formed, {}}, number.end};
    digits.remove_suffix(chain.groups[count - 1].end - chain.groups[count - 1].begin);
  }
  return {std::nullopt, candidate.begin + 2};
}

std::string digits_of(std::string_view text, match_range where) {
  std::string digits;
  std::ranges::copy_if(text.substr(where.begin, where.end - where.begin), std::back_inserter(digits),
                       is_digit);
  return digits;
}

verdict verify_north_american(std::string_view text, match_range candidate, double score) {
  auto digits = digits_of(text, candidate);
  if (digits.size() == 11 && digits.front() == '1')
    digits.erase(0, 1);
  if (!stands_alone(text, candidate))
    return {std::nullopt, skip_number(text, candidate.end)};
  if (!is_north_american(digits))
    return {std::nullopt, candidate.end};
  return {recognised{candidate, score, {}}, candidate.end};
}

verdict verify_separated(std::string_view text, match_range candidate) {
  return verify_north_american(text, candidate, well_formed);
}

verdict verify_ten_digits(std::string_view text, match_range candidate) {
  return verify_north_american(text, candidate, plain_digits);
}

verdict verify_national(std::string_view text, match_range candidate) {
  const auto chain = read_dialled(text, text[candidate.begin] == '(' ? candidate.begin + 1 : candidate.begin);
  const match_range where{candidate.begin, chain.end()};
  const auto count = chain.digits.size();
  if (count < 9 || count > 12 || chain.groups.size() > 6 || !stands_alone(text, where))
    return {std::nullopt, std::max(skip_number(text, where.end), candidate.end)};
  return {recognised{where, plain_digits, {}}, where.end};
}

verdict verify_mobile(std::string_view text, match_range candidate) {
  if (!stands_alone(text, candidate))
    return {std::nullopt, skip_number(text, candidate.end)};
  return {recognised{candidate, plain_digits, {}}, candidate.end};
}

verdict verify_local(std::string_view text, match_range candidate) {
  if (!stands_alone(text, candidate) || text.substr(candidate.begin + 1, 2) == "11")
    return {std::nullopt, skip_number(text, candidate.end)};
  return {recognised{candidate, local_number, {}}, candidate.end};
}

} // namespace

recogniser phone_recogniser() {
  const std::string s{separator_class};
  const auto area = R"((?:\b1)" + s + R"()?(?:\([2-9][0-9]{2}\))" + s + R"(?|\b[2-9][0-9]{2})" + s + ")";
  return {.label = "Phone",
          .entity = "PHONE_NUMBER",
          .forms = {{"international", R"(\+[1-9][0-9]{0,2}[0-9 .\-()/\x{A0}\x{202F}\x{2010}-\x{2015}]{4})",
                     verify_international},
                    {"north_american", area + "[2-9][0-9]{2}" + s + R"([0-9]{4}\b)", verify_separated},
                    {"ten_digits", R"(\b1?[2-9][0-9]{9}\b)", verify_ten_digits},
                    {"national", R"((?:\b0|\(0)[0-9]{1,4}(?:\)|[ .\-/]|\) )[0-9]{2,8})", verify_national},
                    {"mobile", R"(\b(?:1[3-9][0-9]{9}|0[1-9][0-9]{8,9})\b)", verify_mobile},
                    {"local", R"(\b[2-9][0-9]{2})" + s + R"([0-9]{4}\b)", verify_local}},
          .context = {"phone",     "phones",   "telephone", "cell",     "cellphone", "mobile",   "call",
                      "calls",     "tel",      "fax",       "whatsapp", "sms",       "text",     "dial",
                      "telefon",   "telefono", "teléfono",  "móvil",    "celular",   "telefone", "telemóvel",
                      "téléphone", "handy",    "rufnummer", "portable", "телефон",   "тел",      "телефону",
                      "电话",      "手机",     "電話",      "手機",     "携帯",      "전화",     "휴대폰",
                      "फ़ोन",       "फोन",      "هاتف",      "טלפון",    "telefoon"},
          .refutable = true};
}

} // namespace guardrails::checks
