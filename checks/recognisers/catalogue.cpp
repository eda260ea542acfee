// The table of recognisers, and what a form without a verifier of its own says.
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/tagger/name_source.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/pii.hpp>

#include <algorithm>
#include <iterator>

namespace guardrails::checks {

namespace {

std::string compact(std::string_view written) {
  std::string kept;
  kept.reserve(written.size());
  for (const auto c : written) {
    if (is_digit(c) || (c >= 'A' && c <= 'Z'))
      kept.push_back(c);
    else if (c >= 'a' && c <= 'z')
      kept.push_back(static_cast<char>(c - 'a' + 'A'));
  }
  return kept;
}

bool fits(edges around, std::string_view text, match_range where) {
  switch (around) {
  case edges::words:
    return !sticks_to_digits(decode_before(text, where.begin).value) &&
           !sticks_to_digits(decode_at(text, where.end).value);
  case edges::digits:
    return (where.begin == 0 || !is_digit(text[where.begin - 1])) &&
           (where.end == text.size() || !is_digit(text[where.end]));
  case edges::open:
    return true;
  }
  return false;
}

void append(std::vector<recogniser>& all, std::vector<recogniser> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

verdict confirm(const written_form& form, std::string_view text, match_range candidate) {
  // Every form has a bounded width, so going on behind a refused candidate's first byte stays linear; a
  // number that is refuted as a whole is not searched for a smaller one.
  if (!fits(form.around, text, candidate))
    return {std::nullopt, candidate.begin + 1};
  if (!form.valid)
    return {recognised{candidate, form.score, {}}, candidate.end};
  switch (form.valid(compact(text.substr(candidate.begin, candidate.end - candidate.begin)))) {
  case validity::refuted:
    return {std::nullopt, candidate.end};
  case validity::plausible:
    return {recognised{candidate, form.score, {}}, candidate.end};
  case validity::proven:
    return {recognised{candidate, 1.0, form.checksum}, candidate.end};
  }
  return {std::nullopt, candidate.end};
}

std::vector<recogniser> all_recognisers() {
  std::vector<recogniser> all;
  all.push_back(email_recogniser());
  all.push_back(phone_recogniser());
  all.push_back(credit_card_recogniser());
  all.push_back(ssn_recogniser());
  all.push_back(ip_address_recogniser());
  all.push_back(iban_recogniser());
  all.push_back(crypto_recogniser());
  all.push_back(mac_address_recogniser());
  all.push_back(url_recogniser());
  all.push_back(date_time_recogniser());
  append(all, health_record_recognisers());
  append(all, united_states_recognisers());
  append(all, australian_recognisers());
  append(all, british_recognisers());
  append(all, canadian_recognisers());
  append(all, finnish_recognisers());
  append(all, german_recognisers());
  append(all, indian_recognisers());
  append(all, italian_recognisers());
  append(all, korean_recognisers());
  append(all, nigerian_recognisers());
  append(all, philippine_recognisers());
  append(all, polish_recognisers());
  append(all, singaporean_recognisers());
  append(all, south_african_recognisers());
  append(all, spanish_recognisers());
  append(all, swedish_recognisers());
  append(all, thai_recognisers());
  append(all, turkish_recognisers());
  append(all, tagger::name_recognisers());
  return all;
}

} // namespace guardrails::checks

namespace guardrails {

std::span<const std::string_view> known_entities() {
  static const auto recognisers = checks::all_recognisers();
  static const auto names = [] {
    std::vector<std::string_view> entities;
    for (const auto& r : recognisers)
      entities.push_back(r.entity);
    std::ranges::sort(entities);
    return entities;
  }();
  return names;
}

} // namespace guardrails
