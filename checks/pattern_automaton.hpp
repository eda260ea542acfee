// Many expressions of bounded width as one automaton, whose states are built when a text first leads there.
#pragma once

#include "checks/bounded_expression.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace guardrails::checks {

/// Where matches may begin.
enum class automaton_start : std::uint8_t {
  here,       ///< only where the automaton is set down; of several ends the one that RE2 prefers comes last
  everywhere, ///< at every byte; every end counts
};

/// Immutable but for its cache of states, thread-safe. Assertions are decided by the byte behind them, so a
/// match is told one byte late, and the end of the text counts as a byte.
class pattern_automaton {
  // A place in the program that the expressions amount to.
  using thread = std::uint32_t;

public:
  /// `expressions` must outlive the constructor only. They are numbered in this order.
  pattern_automaton(std::span<const bounded_expression> expressions, automaton_start start);
  ~pattern_automaton();

  /// A class of bytes that all expressions treat alike.
  using byte_class = std::uint16_t;

  byte_class class_of(char byte) const noexcept { return classes_[static_cast<unsigned char>(byte)]; }

  struct state {
    std::vector<thread> threads;        // under way, in order of preference
    std::vector<std::uint32_t> matched; ///< expressions that ended before the byte that led here
    bool after_word = false;

    bool dead() const noexcept { return threads.empty(); }
    friend bool operator==(const state&, const state&) = default;
  };

  static constexpr std::size_t cursors_together = 4; ///< in cursor::advance_together

  /// A letter, a digit or an underscore of ASCII: what `\b` looks at.
  static constexpr bool is_word_byte(char byte) noexcept {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           byte == '_';
  }

  /// Goes from state to state. Small and copyable: what a search or a stream keeps between bytes.
  class cursor {
  public:
    /// Before a text, or behind a byte of it.
    explicit cursor(const pattern_automaton& of, bool after_word = false)
      : automaton_{&of}
      , id_{after_word ? of.start_after_word_ : of.start_} {}

    /// Takes bytes from `pos` on up to one that leads to something to look at: `at` has matches or is dead.
    /// Returns the place of that byte, or the end of the text.
    std::size_t advance(std::string_view text, std::size_t pos) {
      const auto table = automaton_->table();
      for (auto id = id_; pos < text.size(); ++pos) {
        const auto next = table.load(id, text[pos]);
        if (next == unknown) [[unlikely]] {
          id_ = id;
          if (step_slowly(automaton_->class_of(text[pos])))
            return pos;
          id = id_;
        } else if ((next & noteworthy) != 0) {
          id_ = next;
          return pos;
        } else {
          id = next;
        }
        if (pos + 1 == text.size())
          id_ = id;
      }
      return pos;
    }

    /// Takes the end of the text. True when `at` has matches.
    bool finish() {
      const auto next = automaton_->load(id_, automaton_->class_count_);
      if (next == unknown)
        return step_slowly(automaton_->class_count_);
      id_ = next;
      return (next & noteworthy) != 0;
    }

    const state& at() const { return overflown_ ? *overflown_ : automaton_->state_of(id_); }

    /// Takes a byte of each of four texts in turn, which takes little longer than one text does: none waits
    /// for the others. Begins behind `from` bytes of each, and ends when a cursor has something to look at or
    /// `bytes` are taken; returns how many are.
    static std::size_t advance_together(std::array<cursor, cursors_together>& all,
                                        const std::array<const char*, cursors_together>& texts,
                                        std::size_t from, std::size_t bytes) {
      static_assert(cursors_together == 4);
      const auto& of = *all[0].automaton_;
      const auto behind = [table = of.table()](std::size_t id, const char* byte) -> std::size_t {
        return table.load(id, *byte);
      };
      // Four variables instead of an array, which the compiler would keep in memory.
      const auto [text_a, text_b, text_c, text_d] = texts;
      std::size_t a = all[0].id_;
      std::size_t b = all[1].id_;
      std::size_t c = all[2].id_;
      std::size_t d = all[3].id_;
      for (; from < bytes; ++from) {
        const auto next_a = behind(a, text_a + from);
        const auto next_b = behind(b, text_b + from);
        const auto next_c = behind(c, text_c + from);
        const auto next_d = behind(d, text_d + from);
        const auto news = (next_a - 1) | (next_b - 1) | (next_c - 1) | (next_d - 1); // unknown is 0
        if ((news & noteworthy) != 0) [[unlikely]]
          break;
        a = next_a;
        b = next_b;
        c = next_c;
        d = next_d;
      }
      all[0].id_ = static_cast<std::uint16_t>(a);
      all[1].id_ = static_cast<std::uint16_t>(b);
      all[2].id_ = static_cast<std::uint16_t>(c);
      all[3].id_ = static_cast<std::uint16_t>(d);
      if (from == bytes)
        return from;
      for (std::size_t i = 0; i < cursors_together; ++i)
        all[i].take(texts[i][from]);
      return from + 1;
    }

  private:
    bool step_slowly(byte_class c);

    void take(char byte) {
      const auto c = automaton_->class_of(byte);
      const auto next = automaton_->load(id_, c);
      if (next == unknown)
        step_slowly(c);
      else
        id_ = next;
    }

    const pattern_automaton* automaton_;
    std::uint16_t id_;
    std::shared_ptr<const state> overflown_; // where the cache is full; `id_` is then that of no state
  };

  /// The bytes behind which a match may go on or was complete; all where one is complete already.
  byte_set continuations(const state& from) const;

  /// For each byte of `set`, those that may stand behind it where it is the first of the set in a match; all
  /// where a match may end with it.
  std::array<byte_set, 256> behind_first_of(const byte_set& set) const;

  /// States kept at most; a text that leads to more of them takes longer.
  static constexpr std::size_t most_states = 1 << 14;

  /// Whether a text has led to more of them.
  bool is_full() const noexcept { return is_full_.load(std::memory_order_relaxed); }

  /// States built so far.
  std::size_t states() const;

private:
  static constexpr std::uint16_t unknown = 0;
  static constexpr std::uint16_t noteworthy = 1 << 15; // in a transition: matches, or dead
  static constexpr std::uint16_t number_mask = noteworthy - 1;
  static constexpr std::size_t states_a_block = 64;

  struct instruction {
    enum class kind : std::uint8_t { byte, word_boundary, fork, match };
    kind is;
    thread next = 0;
    thread other = 0;         // fork: less preferred
    std::uint32_t number = 0; // byte: which set; match: which expression
  };

  struct state_hash {
    std::size_t operator()(const state& s) const noexcept;
  };

  class compiler;
  class thread_list;

  // What a loop looks at for every byte, by itself: an atomic load keeps nothing else in registers.
  struct lookup {
    const byte_class* classes;
    std::uint16_t* transitions;
    std::size_t stride_bits;

    std::uint16_t load(std::size_t from, char byte) const noexcept {
      auto& entry =
        transitions[(from & number_mask) << stride_bits | classes[static_cast<unsigned char>(byte)]];
      return std::atomic_ref{entry}.load(std::memory_order_acquire);
    }
  };

  lookup table() const noexcept { return {classes_.data(), transitions_.get(), stride_bits_}; }

  std::uint16_t load(std::uint16_t from, byte_class c) const noexcept {
    auto& entry = transitions_[(std::size_t{from} & number_mask) << stride_bits_ | c];
    return std::atomic_ref{entry}.load(std::memory_order_acquire);
  }

  const state& state_of(std::uint16_t id) const noexcept {
    const auto number = std::size_t{id} & number_mask;
    return *(*blocks_[number / states_a_block])[number % states_a_block];
  }

  void divide_bytes();
  state step(const state& from, byte_class c) const;
  void follow(thread from, bool at_boundary, bool decided, thread_list& into) const;
  byte_set first_bytes(const thread_list& of) const;
  std::uint16_t keep(state s) const;
  void publish(std::uint16_t from, byte_class c, std::uint16_t to) const;

  automaton_start begins_;
  std::vector<instruction> program_;
  std::vector<std::uint32_t> expression_of_; // by instruction
  std::vector<thread> entries_;              // by expression
  std::vector<thread> beginnings_;           // what `entries_` lead to before a byte is taken
  std::vector<byte_set> sets_;
  std::array<byte_class, 256> classes_{};
  std::vector<unsigned char> sample_; // by class: a byte of it
  byte_class class_count_ = 0;
  std::size_t stride_bits_ = 0;
  std::uint16_t start_ = 0;
  std::uint16_t start_after_word_ = 0;

  struct freed {
    void operator()(std::uint16_t* table) const noexcept;
  };
  using block = std::array<const state*, states_a_block>; // of `numbers_`

  // The cache. Entries of `transitions_` are read without the lock; what they name was built before.
  std::unique_ptr<std::uint16_t[], freed> transitions_;
  mutable std::array<std::unique_ptr<block>, most_states / states_a_block> blocks_;
  mutable std::unordered_map<state, std::uint16_t, state_hash> numbers_;
  mutable std::atomic<bool> is_full_ = false;
  mutable std::mutex lock_;
};

} // namespace guardrails::checks
