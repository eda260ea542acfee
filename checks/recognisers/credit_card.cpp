// Payment card numbers: issuer prefix, length, grouping and the Luhn checksum.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

// Prefixes compare on as many digits as `first` has.
struct issuer_range {
  std::string_view first;
  std::string_view last;
  std::size_t shortest;
  std::size_t longest;
};

// Issuer identification numbers as the schemes publish them (ISO/IEC 7812 registry, public BIN tables).
constexpr std::array issuers{
  issuer_range{"4", "4", 13, 13},       issuer_range{"4", "4", 16, 16},       // Visa
  issuer_range{"4", "4", 19, 19},       issuer_range{"51", "55", 16, 16},     // Visa, Mastercard
  issuer_range{"2221", "2720", 16, 16}, issuer_range{"34", "34", 15, 15},     // Mastercard, American Express
  issuer_range{"37", "37", 15, 15},     issuer_range{"6011", "6011", 16, 19}, // Discover
  issuer_range{"644", "649", 16, 19},   issuer_range{"65", "65", 16, 19},     // Discover, RuPay
  issuer_range{"300", "305", 14, 19},   issuer_range{"3095", "3095", 14, 19}, // Diners Club
  issuer_range{"36", "36", 14, 19},     issuer_range{"38", "39", 14, 19},     // Diners Club
  issuer_range{"3528", "3589", 16, 19}, issuer_range{"62", "62", 16, 19},     // JCB, UnionPay
  issuer_range{"50", "50", 12, 19},     issuer_range{"56", "58", 12, 19},     // Maestro
  issuer_range{"6304", "6304", 12, 19}, issuer_range{"6390", "6390", 12, 19}, // Maestro
  issuer_range{"67", "67", 12, 19},     issuer_range{"60", "60", 16, 16},     // Maestro, RuPay
  issuer_range{"81", "82", 16, 16},     issuer_range{"2200", "2204", 16, 19}, // RuPay, Mir
  issuer_range{"1", "1", 15, 15},                                             // UATP
};

bool issued(std::string_view digits) {
  return std::ranges::any_of(issuers, [&](const issuer_range& r) {
    const auto prefix = digits.substr(0, r.first.size());
    return prefix >= r.first && prefix <= r.last && digits.size() >= r.shortest && digits.size() <= r.longest;
  });
}

// Unbroken, in fours with any rest, or 4-6-5 and 4-6-4 as on American Express and Diners cards.
bool grouped_like_a_card(const std::vector<match_range>& groups, std::size_t count) {
  if (count == 1)
    return true;
  const auto length = [&](std::size_t i) { return groups[i].end - groups[i].begin; };
  if (count == 3 && length(0) == 4 && length(1) == 6)
    return length(2) == 5 || length(2) == 4;
  for (std::size_t i = 0; i + 1 < count; ++i)
    if (length(i) != 4)
      return false;
  return length(count - 1) <= 7;
}

verdict verify_card(std::string_view text, match_range candidate) {
  constexpr std::size_t longest = 19;
  const auto chain = read_digits(text, candidate.begin, longest);
  const auto& groups = chain.groups;
  auto digits = std::string_view{chain.digits};
  for (auto count = groups.size(); count > 0; --count) {
    const match_range where{candidate.begin, groups[count - 1].end};
    if (grouped_like_a_card(groups, count) && issued(digits) && luhn_valid(digits) &&
        stands_alone(text, where))
      return {recognised{where, 1.0, "luhn"}, where.end};
    digits.remove_suffix(groups[count - 1].end - groups[count - 1].begin);
  }
  return {std::nullopt, groups.empty() ? candidate.end : groups.front().end};
}

} // namespace

recogniser credit_card_recogniser() {
  const std::string s{separator_class};
  const auto grouped = R"(\b[1-68][0-9]{3})" + s + "[0-9]{4,6}" + s + "[0-9]{4,5}";
  return {.label = "CreditCard",
          .entity = "CREDIT_CARD",
          .forms = {{"card_number", R"(\b[1-68][0-9]{11,18}\b|)" + grouped, verify_card}},
          .context = {"credit", "card", "visa", "mastercard", "cc", "amex", "discover", "jcb", "diners",
                      "maestro"}};
}

} // namespace guardrails::checks
