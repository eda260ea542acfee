// Skims for telling bytes, and sets the automaton down before them.
#include "checks/candidate_finder.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

constexpr std::size_t widest = 128;
constexpr std::size_t longest_lead = 24;
static_assert(longest_lead < telling_skim::block);

byte_set telling_bytes() {
  byte_set set;
  for (unsigned byte = 0; byte < set.size(); ++byte)
    set[byte] = is_telling(static_cast<unsigned char>(byte)) != 0;
  return set;
}

bool is_after_word(std::string_view text, std::size_t pos) noexcept {
  return pos > 0 && is_word_byte(static_cast<unsigned char>(text[pos - 1]));
}

// At few places more patterns match.
void add(std::vector<located_candidate>& here, const located_candidate& found) {
  constexpr std::size_t usual = 8;
  if (here.capacity() == 0)
    here.reserve(usual);
  here.push_back(found);
}

std::vector<bounded_expression> expressions_of(const std::vector<findable_pattern>& patterns) {
  std::vector<bounded_expression> expressions;
  for (const auto& p : patterns)
    expressions.push_back(p.expression);
  return expressions;
}

} // namespace

std::optional<bounded_expression> candidate_finder::takes(std::string_view expression) {
  auto parsed = parse_bounded(expression, widest).expression;
  if (!parsed)
    return std::nullopt;
  const auto lead = width_before(parsed->root, telling_bytes(), width_unit::bytes);
  return lead && *lead <= longest_lead ? std::move(parsed) : std::nullopt;
}

candidate_finder::candidate_finder(std::vector<findable_pattern> patterns)
  : patterns_{std::move(patterns)}
  , automaton_{expressions_of(patterns_), automaton_start::here} {
  for (const auto& p : patterns_) {
    const auto lead = [&](width_unit unit) {
      return width_before(p.expression.root, telling_bytes(), unit).value_or(0);
    };
    lead_ = std::max(lead_, lead(width_unit::bytes));
    ascii_lead_ = std::max(ascii_lead_, lead(width_unit::code_points));
  }
  learn_beginnings();
}

void candidate_finder::learn_beginnings() {
  behind_telling_ = automaton_.program().behind_first_of(telling_bytes());
  pattern_automaton::cursor at{automaton_};
  for (const bool after_word : {false, true})
    for (unsigned byte = 0; byte < 256; ++byte) {
      at.restart(after_word);
      const auto first = static_cast<char>(byte);
      at.advance({&first, 1}, 0);
      followers_[after_word][byte] = automaton_.program().continuations(at.at());
    }
}

// Goes to the next place where a match may begin; false when there is none.
bool candidate_finder::advance(std::string_view text, beginning& at) const noexcept {
  for (; at.pos < text.size(); ++at.pos) {
    if (at.telling < at.pos || !at.looked)
      look_for_telling(text, at);
    if (at.telling == text.size())
      return false;
    if (at.telling - at.pos > at.lead)
      at.pos = at.telling - at.lead;
    const auto& follower = followers_[is_after_word(text, at.pos)][static_cast<unsigned char>(text[at.pos])];
    if (at.pos + 1 == text.size() || follower[static_cast<unsigned char>(text[at.pos + 1])])
      return true;
  }
  return false;
}

void candidate_finder::look_for_telling(std::string_view text, beginning& at) const noexcept {
  at.looked = true;
  at.telling = at.skim.next(text, at.pos);
  // What no match goes over is not telling: behind the end of a sentence comes a space.
  while (at.telling + 1 < text.size() && !may_go_over(text, at.telling)) {
    at.pos = at.telling + 1;
    at.telling = at.skim.next(text, at.pos);
  }
  if (at.telling == text.size())
    return;
  const auto before = std::min(at.telling - at.pos, lead_);
  at.lead = at.skim.ascii_before(at.telling, before) ? ascii_lead_ : lead_;
}

void candidate_finder::match_at(std::string_view text, std::size_t begin, pattern_automaton::cursor& at,
                                std::vector<candidate>& here) {
  here.clear();
  at.restart(is_after_word(text, begin));
  for (auto pos = at.advance(text, begin);; pos = at.advance(text, pos + 1)) {
    if (pos >= text.size())
      at.finish();
    if (at.is_over())
      return;
    for (const auto index : at.at().matched) {
      const auto known = std::ranges::find(here, index, &candidate::index);
      if (known != here.end())
        known->where.end = pos; // preferred to the shorter one
      else
        add(here, {index, {begin, pos}});
    }
    if (at.at().dead() || pos >= text.size())
      return;
  }
}

} // namespace guardrails::checks
