// Which narrow patterns occur in a text: one pass over four stretches of it at once.
#pragma once

#include "checks/pattern_automaton.hpp"
#include "checks/pattern_engine.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Tells which of many patterns of bounded width occur. Since no match is longer than the widest, a text can
/// be cut into stretches that overlap by as much, and read at all of them in turn: an automaton waits for
/// every byte, and does not wait for those of the other stretches. Thread-safe, linear in the text.
class pattern_gate {
public:
  static constexpr std::size_t widest = 128;        ///< bytes of a match
  static constexpr std::size_t most_patterns = 512; ///< more of them make large states

  /// The expression, if it is bounded so.
  static std::optional<bounded_expression> takes(std::string_view expression);

  pattern_gate(std::span<const bounded_expression> expressions, std::vector<pattern_id> ids);

  /// Adds the patterns that occur, perhaps with some that do not. False when these expressions lead to more
  /// states than are kept: from then on somebody else has to look for them.
  bool scan(std::string_view text, pattern_hits& hits) const;

private:
  using cursor = pattern_automaton::cursor;
  static constexpr std::size_t stretches = pattern_automaton::cursors_together;

  void read_together(std::string_view text, std::size_t bytes, pattern_hits& hits) const;
  void read(std::string_view text, cursor from, pattern_hits& hits) const;
  void add_matches(const cursor& at, pattern_hits& hits) const;

  std::vector<pattern_id> ids_; // by the number of the expression
  std::size_t overlap_ = 0;     // of two stretches: a match, and the byte behind that tells of it
  pattern_automaton automaton_;
};

} // namespace guardrails::checks
