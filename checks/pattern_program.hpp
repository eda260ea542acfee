// Many expressions of bounded width as one program of threads; sets of its threads are the states of an
// automaton.
#pragma once

#include "checks/bounded_expression.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace guardrails::checks {

/// Where matches may begin.
enum class automaton_start : std::uint8_t {
  here,       ///< only where the automaton is set down; of several ends the one that RE2 prefers comes last
  everywhere, ///< at every byte; every end counts
};

/// Immutable and thread-safe. Assertions are decided by the byte behind them, so a match is told one byte
/// late, and the end of the text counts as a byte.
class pattern_program {
  // A place in the program.
  using thread = std::uint32_t;

public:
  /// `expressions` must outlive the constructor only. They are numbered in this order.
  pattern_program(std::span<const bounded_expression> expressions, automaton_start start);

  /// A class of bytes that all expressions treat alike.
  using byte_class = std::uint16_t;

  byte_class class_of(char byte) const noexcept { return classes_[static_cast<unsigned char>(byte)]; }

  /// The class of every byte.
  const byte_class* classes() const noexcept { return classes_.data(); }

  /// Stands for the end of the text; the classes are those below.
  byte_class end_of_text() const noexcept { return static_cast<byte_class>(sample_.size()); }

  /// What is under way behind a byte.
  struct state {
    std::vector<thread> threads;        // in order of preference
    std::vector<std::uint32_t> matched; ///< expressions that ended before the byte that led here
    bool after_word = false;

    bool dead() const noexcept { return threads.empty(); }
    friend bool operator==(const state&, const state&) = default;
  };

  /// Before a byte is taken.
  state begin(bool after_word) const;

  state step(const state& from, byte_class c) const;

  /// Whether there is something to look at: matches, or nothing that can go on.
  bool is_noteworthy(const state& s) const noexcept {
    return !s.matched.empty() || (s.dead() && begins_ == automaton_start::here);
  }

  /// The bytes behind which a match may go on or was complete; all where one is complete already.
  byte_set continuations(const state& from) const;

  /// For each byte of `set`, those that may stand behind it where it is the first of the set in a match; all
  /// where a match may end with it.
  std::array<byte_set, 256> behind_first_of(const byte_set& set) const;

private:
  struct instruction {
    enum class kind : std::uint8_t { byte, word_boundary, fork, match };
    kind is;
    thread next = 0;
    thread other = 0;         // fork: less preferred
    std::uint32_t number = 0; // byte: which set; match: which expression
  };

  // What begins at a byte that all of `set` have in common.
  struct beginning {
    std::uint32_t set;
    std::vector<thread> behind; // the byte
  };

  // What begins at every byte, once it is known whether a word begins or ends there.
  struct beginnings {
    std::vector<beginning> by_set;
    std::vector<std::uint32_t> matched; // without a byte
  };

  class compiler;
  class thread_list;

  void divide_bytes();
  byte_set first_bytes(const thread_list& of) const;
  beginnings find_beginnings(bool at_boundary) const;
  void follow(thread from, bool at_boundary, bool decided, thread_list& into) const;

  automaton_start begins_;
  std::vector<instruction> program_;
  std::vector<std::uint32_t> expression_of_; // by instruction
  std::vector<thread> entries_;              // by expression
  std::array<beginnings, 2> everywhere_;     // by whether at a boundary of words; none if `here`
  std::vector<byte_set> sets_;
  std::array<byte_class, 256> classes_{};
  std::vector<unsigned char> sample_; // by class: a byte of it
};

} // namespace guardrails::checks
