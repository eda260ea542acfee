// Which patterns match in a text that comes in pieces.
#pragma once

#include "checks/pattern_automaton.hpp"
#include "checks/pattern_engine.hpp"

#include <span>
#include <string_view>

namespace guardrails::checks {

/// Patterns of bounded width, compiled for texts whose end is not known yet. Immutable and thread-safe;
/// linear in the text.
class stream_patterns {
public:
  static constexpr std::size_t widest = 512; ///< bytes of a match

  /// Throws config_error naming the key path of the first pattern that is refused: RE2 takes it, but its
  /// matches are not bounded, or it asks for what only the whole text tells.
  explicit stream_patterns(std::span<const pattern> patterns);

  /// One text on its way. What it keeps between pieces does not grow with the text.
  class stream {
  public:
    explicit stream(const stream_patterns& of)
      : at_{of.automaton_} {}

    /// Takes the next piece, cut anywhere. Hands every match of every pattern to `visit(pattern_id, end)`, by
    /// the place of its end in the whole text, as soon as the byte behind it has come. As in
    /// pattern_engine::scan, a pattern with a class of Unicode may be reported where it does not match.
    template <class Visit>
    void feed(std::string_view piece, Visit&& visit) {
      at_.catch_up();
      for (auto pos = at_.advance(piece, 0); pos < piece.size(); pos = at_.advance(piece, pos + 1))
        for (const auto id : at_.at().matched)
          visit(pattern_id{id}, taken_ + pos);
      taken_ += piece.size();
    }

    /// The text is over: hands out the matches that end with it.
    template <class Visit>
    void finish(Visit&& visit) {
      if (at_.finish())
        for (const auto id : at_.at().matched)
          visit(pattern_id{id}, taken_);
    }

  private:
    pattern_automaton::cursor at_;
    std::size_t taken_ = 0;
  };

  /// The automaton behind it, for who wants to know what it keeps.
  const pattern_automaton& automaton() const noexcept { return automaton_; }

private:
  pattern_automaton automaton_;
};

} // namespace guardrails::checks
