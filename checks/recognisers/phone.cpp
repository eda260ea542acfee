// Telephone numbers: international with a country code, North American, and national forms that need a word
// of context.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/context.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

constexpr double well_formed = 0.75;
constexpr double announced = 0.5;
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

// The digits of the first groups as they are dialled from abroad: `+41 (0)44 …` has a 0 for calls from
// within.
std::string digits_from_abroad(std::string_view text, const digit_chain& chain, std::size_t groups) {
  std::string digits;
  for (std::size_t i = 0; i < groups; ++i) {
    const auto& group = chain.groups[i];
    const auto written = text.substr(group.begin, group.end - group.begin);
    const bool trunk = i > 0 && written == "0" && text[group.begin - 1] == '(';
    if (!trunk)
      digits.append(written);
  }
  return digits;
}

// End of an extension such as `x4587` or ` ext. 12` at `pos`, or `pos`.
std::size_t extension_end(std::string_view text, std::size_t pos) {
  constexpr std::size_t longest_extension = 5;
  constexpr auto marks = std::to_array<std::string_view>({"x", "X", " x", " ext ", " ext. ", " extension "});
  for (const auto mark : marks) {
    if (!text.substr(pos).starts_with(mark))
      continue;
    auto end = pos + mark.size();
    const auto begin = end;
    while (end < text.size() && is_digit(text[end]))
      if (++end - begin > longest_extension)
        return pos;
    if (end > begin && !sticks_to_digits(decode_at(text, end).value))
      return end;
  }
  return pos;
}

verdict verify_international(std::string_view text, match_range candidate) {
  const auto sign = text[candidate.begin] == '+' ? 1u : 0u;
  const auto chain = read_dialled(text, candidate.begin + sign);
  const auto plus_glued =
    candidate.begin > 0 && (is_digit(text[candidate.begin - 1]) || text[candidate.begin - 1] == '+');
  for (auto count = plus_glued ? 0 : chain.groups.size(); count > 0; --count) {
    const match_range number{chain.groups.front().begin, extension_end(text, chain.groups[count - 1].end)};
    if (fits_plan(digits_from_abroad(text, chain, count)) && !is_decimal(text, chain, count) &&
        stands_alone(text, number))
      return {recognised{{candidate.begin, number.end}, well_formed, {}}, number.end};
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
  const match_range where{candidate.begin, extension_end(text, candidate.end)};
  if (!stands_alone(text, where))
    return {std::nullopt, skip_number(text, candidate.end)};
  if (!is_north_american(digits))
    return {std::nullopt, candidate.end};
  return {recognised{where, score, {}}, where.end};
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

// Words that announce a number right before it, that may stand a few words before it, and that follow it.
constexpr auto labels = std::to_array<std::string_view>(
  {"phone",    "telephone", "tel",      "mobile",    "cell",     "cellphone", "fax",
   "desk",     "landline",  "telefon",  "handy",     "fon",      "telefax",   "téléphone",
   "teléfono", "móvil",     "telefono", "cellulare", "telefone", "telefoon"});
constexpr auto verbs = std::to_array<std::string_view>({"call", "dial", "ring", "phone"});
constexpr auto followers = std::to_array<std::string_view>(
  {"office", "fax", "mobile", "cell", "home", "work", "tel", "phone", "desk"});

bool is_announced(std::string_view text, std::size_t begin, bool is_plain_count) {
  constexpr std::size_t most_words_between = 2; // `call me on`
  const nearest_words words{text, begin};
  const auto among = [&](std::size_t i, const auto& set) {
    return i < words.size() && std::ranges::find(set, words[i]) != set.end();
  };
  const bool labelled =
    among(0, labels) || (among(1, labels) && (words[0] == "number" || words[0] == "no" || words[0] == "nr"));
  if (labelled || is_plain_count)
    return labelled;
  for (std::size_t i = 0; i <= most_words_between; ++i)
    if (among(i, verbs))
      return true;
  return false;
}

// `555 0132 office` at the end of a line or a clause and, as in cards with one line for all, `555
// 0132-Office`.
bool is_named_behind(std::string_view text, std::size_t end, bool is_one_group) {
  constexpr std::size_t longest_word = 8;
  if (end >= text.size() || (text[end] != '-' && (text[end] != ' ' || is_one_group)))
    return false;
  auto word_end = end + 1;
  while (word_end < text.size() && word_end - end <= longest_word &&
         sticks_to_digits(decode_at(text, word_end).value))
    ++word_end;
  const auto word = folded(text.substr(end + 1, word_end - end - 1));
  const bool last_word =
    word_end == text.size() || std::string_view{" -_'"}.find(text[word_end]) == std::string_view::npos;
  return last_word && std::ranges::find(followers, word) != followers.end();
}

bool is_date_like(const digit_chain& chain) {
  if (chain.groups.size() != 3)
    return false;
  const auto size = [&](std::size_t i) { return chain.groups[i].end - chain.groups[i].begin; };
  const auto year = [&](std::size_t from) {
    const auto value = number(std::string_view{chain.digits}.substr(from, 4));
    return value >= 1900 && value < 2100;
  };
  return (size(0) == 4 && size(1) <= 2 && size(2) <= 2 && year(0)) ||
         (size(2) == 4 && size(0) <= 2 && size(1) <= 2 && year(chain.digits.size() - 4));
}

// Numbers of any plan, as long as the text says that they are telephone numbers.
verdict verify_announced(std::string_view text, match_range candidate) {
  constexpr std::size_t shortest = 6;
  auto first = candidate.begin;
  while (text[first] == '+' || text[first] == '(')
    ++first;
  const auto chain = read_dialled(text, first);
  const verdict none{std::nullopt, std::max(chain.end(), candidate.end)};
  const match_range where{candidate.begin, extension_end(text, chain.end())};
  const auto count = chain.digits.size();
  if (count < shortest || count > longest_number || is_date_like(chain) ||
      is_decimal(text, chain, chain.groups.size()))
    return none;
  // A name behind the number may stick to it: then only what stands before it matters.
  // `1500000 mobile` and `call 1500000` may count something.
  constexpr std::size_t longest_count = 8;
  const bool is_one_group = chain.groups.size() == 1 && text[candidate.begin] != '+';
  const bool is_plain_count = is_one_group && count <= longest_count;
  const bool named = is_named_behind(text, where.end, is_one_group);
  const auto seen = named ? text.substr(0, where.end) : text;
  if (!stands_alone(seen, where) || !(named || is_announced(text, where.begin, is_plain_count)))
    return none;
  return {recognised{where, announced, {}}, where.end};
}

} // namespace

recogniser phone_recogniser() {
  const std::string s{separator_class};
  const auto area = R"((?:\b1)" + s + R"()?(?:\([2-9][0-9]{2}\))" + s + R"(?|\b[2-9][0-9]{2})" + s + ")";
  return {
    .label = "Phone",
    .entity = "PHONE_NUMBER",
    .forms = {{"international", R"(\+[1-9][0-9]{0,2}[0-9 .\-()/\x{A0}\x{202F}\x{2010}-\x{2015}\x{2212}]{4})",
               verify_international},
              {"north_american", area + "[2-9][0-9]{2}" + s + R"([0-9]{4}\b)", verify_separated},
              {"ten_digits", R"(\b1?[2-9][0-9]{9}\b)", verify_ten_digits},
              {"national", R"((?:\b0|\(0)[0-9]{1,4}(?:\)|[ .\-/]|\) )[0-9]{2,8})", verify_national},
              {"mobile", R"(\b(?:1[3-9][0-9]{9}|0[1-9][0-9]{8,9})\b)", verify_mobile},
              {"announced", R"((?:\+|\(|\b)[0-9][0-9 .\-()/]{4,5}[0-9])", verify_announced},
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
