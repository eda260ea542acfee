// Social security numbers of the United States.
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

// Never issued, or printed in advertisements (Social Security Administration, "misused numbers").
constexpr std::array<std::string_view, 4> never_valid{"123456789", "987654320", "078051120", "219099999"};

// Areas 000, 666 and 900-999, group 00 and serial 0000 are not assigned (SSA, "SSN randomization").
bool assigned(std::string_view digits) {
  const auto area = digits.substr(0, 3);
  return area != "000" && area != "666" && area[0] != '9' && digits.substr(3, 2) != "00" &&
         digits.substr(5) != "0000" && digits.find_first_not_of(digits[0]) != std::string_view::npos &&
         std::ranges::find(never_valid, digits) == never_valid.end();
}

// Dashes of different lengths are all the same to a reader.
bool same_separator(std::string_view text, const digit_chain& chain) {
  const auto gap = [&](std::size_t i) {
    const auto separator = decode_at(text, chain.groups[i].end).value;
    return is_dash(separator) ? U'-' : separator;
  };
  return gap(0) == gap(1);
}

verdict verify(std::string_view text, match_range candidate, double score) {
  if (!stands_alone(text, candidate))
    return {std::nullopt, skip_number(text, candidate.end)};
  const auto chain = read_digits(text, candidate.begin, 9);
  if (chain.digits.size() != 9 || !assigned(chain.digits))
    return {std::nullopt, candidate.end};
  if (chain.groups.size() == 3 && !same_separator(text, chain))
    return {std::nullopt, candidate.end};
  return {recognised{candidate, score, {}}, candidate.end};
}

verdict verify_separated(std::string_view text, match_range candidate) {
  return verify(text, candidate, 0.5);
}
verdict verify_bare(std::string_view text, match_range candidate) {
  return verify(text, candidate, 0.05);
}

} // namespace

recogniser ssn_recogniser() {
  const std::string s{separator_class};
  // Nine bare digits are next to nothing alone, yet with a word that names them they are what it says.
  return {.label = "SSN",
          .entity = "US_SSN",
          .forms = {{"separated", R"(\b[0-9]{3})" + s + "[0-9]{2}" + s + R"([0-9]{4}\b)", verify_separated},
                    {"half_separated", R"(\b(?:[0-9]{5}-[0-9]{4}|[0-9]{3}-[0-9]{6})\b)", verify_bare, 0.5},
                    {"nine_digits", R"(\b[0-9]{9}\b)", verify_bare, 0.5}},
          .context = {"ssn", "ssns", "ss", "social", "security", "socialsecurity", "ssid"},
          .refutable = true};
}

} // namespace guardrails::checks
