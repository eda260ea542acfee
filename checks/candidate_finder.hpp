// Where the patterns of numbers, addresses and the like match: one pass over the text for all of them.
#pragma once

#include "checks/pattern_automaton.hpp"
#include "checks/pattern_engine.hpp"
#include "checks/telling_bytes.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// A pattern of a policy that a finder takes.
struct findable_pattern {
  bounded_expression expression;
  pattern_id id = 0;
};

/// Finds the matches of expressions that have a telling byte (a digit, `@`, `:` or `.`) near their beginning.
/// A text without one is only skimmed; near one, the automaton is set down wherever a match may begin.
/// Thread-safe, linear in the text.
class candidate_finder {
public:
  /// The expression, if it is of that kind.
  static std::optional<bounded_expression> takes(std::string_view expression);

  explicit candidate_finder(std::vector<findable_pattern> patterns);

  /// A match of one of the patterns, with the end that RE2 prefers.
  using candidate = located_candidate;

  const findable_pattern& operator[](std::uint32_t index) const noexcept { return patterns_[index]; }
  std::size_t size() const noexcept { return patterns_.size(); }

  /// Hands the match of every pattern at every place to `visit(const candidate&) -> bool`, by place, until it
  /// returns false. Where the expression is not exact, a match with a code point that is not ASCII may be
  /// none.
  template <class Visit>
  void for_each(std::string_view text, Visit&& visit) const {
    std::vector<candidate> here;
    pattern_automaton::cursor cursor{automaton_};
    for (beginning at; advance(text, at); ++at.pos) {
      match_at(text, at.pos, cursor, here);
      for (const auto& found : here)
        if (!visit(found))
          return;
    }
  }

private:
  struct beginning {
    std::size_t pos = 0;
    std::size_t telling = 0; // the first telling byte from `pos` on, once it was looked for
    std::size_t lead = 0;    // before it
    bool looked = false;
    telling_skim skim;
  };

  bool advance(std::string_view text, beginning& at) const noexcept;
  bool may_go_over(std::string_view text, std::size_t telling) const noexcept {
    return behind_telling_[static_cast<unsigned char>(text[telling])]
                          [static_cast<unsigned char>(text[telling + 1])];
  }

  void look_for_telling(std::string_view text, beginning& at) const noexcept;
  static void match_at(std::string_view text, std::size_t begin, pattern_automaton::cursor& at,
                       std::vector<candidate>& here);
  void learn_beginnings();

  std::vector<findable_pattern> patterns_;
  std::size_t lead_ = 0;       // bytes before the first telling byte, at most
  std::size_t ascii_lead_ = 0; // the same where all of them are ASCII
  pattern_automaton automaton_;
  std::array<byte_set, 256> behind_telling_;           // by the telling byte: what a match has behind it
  std::array<std::array<byte_set, 256>, 2> followers_; // by whether a word goes before, and the first byte
};

} // namespace guardrails::checks
