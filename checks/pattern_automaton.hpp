// The automaton that a program of expressions amounts to, whose states are built when a text first leads
// there.
#pragma once

#include "checks/state_generation.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

namespace guardrails::checks {

/// Thread-safe, and of bounded memory whatever it reads. Its states are kept in a generation; when that is
/// full, a new one takes its place, so that no text makes others slow for good. A generation lives on while a
/// cursor is in it.
class pattern_automaton {
public:
  using byte_class = pattern_program::byte_class;
  using state = pattern_program::state;

  /// `expressions` must outlive the constructor only. They are numbered in this order.
  pattern_automaton(std::span<const bounded_expression> expressions, automaton_start start);

  const pattern_program& program() const noexcept { return program_; }

  static constexpr std::size_t cursors_together = 4; ///< in cursor::advance_together

  /// Goes from state to state. Small and copyable: what a search or a stream keeps between bytes.
  class cursor {
  public:
    /// Before a text, or behind a byte of it.
    explicit cursor(const pattern_automaton& of, bool after_word = false);

    /// Sets it down once more, for much less than another cursor costs.
    void restart(bool after_word) noexcept {
      id_ = after_word ? state_generation::start_after_word : state_generation::start;
      overflown_.reset();
    }

    /// Takes bytes from `pos` on up to one that leads to something to look at: `at` has matches or is dead.
    /// Returns the place of that byte, or the end of the text.
    std::size_t advance(std::string_view text, std::size_t pos) {
      const auto& program = automaton_->program_;
      auto table = states_->table();
      for (auto id = id_; pos < text.size(); ++pos) {
        const auto c = program.class_of(text[pos]);
        const auto next = table.load(id, c);
        if (next == state_generation::unknown) [[unlikely]] {
          id_ = id;
          if (step_slowly(c))
            return pos;
          id = id_;
          table = states_->table();
        } else if ((next & state_generation::noteworthy) != 0) {
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
      const auto end = automaton_->program_.end_of_text();
      const auto next = states_->table().load(id_, end);
      if (next == state_generation::unknown)
        return step_slowly(end);
      id_ = next;
      return (next & state_generation::noteworthy) != 0;
    }

    /// Whether nothing is under way any more and nothing matched, where the automaton was set down `here`.
    bool is_over() const noexcept { return !overflown_ && id_ == states_->over(); }

    const state& at() const { return overflown_ ? *overflown_ : (*states_)[id_]; }

    /// Moves to the newest generation. For one that stays for long: it holds on to another one's memory.
    void catch_up() {
      if (automaton_->newest_.load(std::memory_order_relaxed) != states_.get()) [[unlikely]]
        move_over();
    }

    /// Takes a byte of each of four texts in turn, which takes little longer than one text does: none waits
    /// for the others. The cursors are of one generation. Begins behind `from` bytes of each, and ends when a
    /// cursor has something to look at or `bytes` are taken; returns how many are.
    static std::size_t advance_together(std::array<cursor, cursors_together>& all,
                                        const std::array<const char*, cursors_together>& texts,
                                        std::size_t from, std::size_t bytes) {
      static_assert(cursors_together == 4);
      const auto behind = [classes = all[0].automaton_->program_.classes(),
                           table = all[0].states_->table()](std::size_t id, const char* byte) -> std::size_t {
        return table.load(static_cast<state_id>(id), classes[static_cast<unsigned char>(*byte)]);
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
        static_assert(state_generation::unknown == 0); // minus 1 has the mark too
        const auto news = (next_a - 1) | (next_b - 1) | (next_c - 1) | (next_d - 1);
        if ((news & state_generation::noteworthy) != 0) [[unlikely]]
          break;
        a = next_a;
        b = next_b;
        c = next_c;
        d = next_d;
      }
      all[0].id_ = static_cast<state_id>(a);
      all[1].id_ = static_cast<state_id>(b);
      all[2].id_ = static_cast<state_id>(c);
      all[3].id_ = static_cast<state_id>(d);
      if (from == bytes)
        return from;
      for (std::size_t i = 0; i < cursors_together; ++i)
        all[i].take(texts[i][from]);
      return from + 1;
    }

  private:
    bool step_slowly(byte_class c);
    void move_over();

    void take(char byte) {
      const auto c = automaton_->program_.class_of(byte);
      const auto next = states_->table().load(id_, c);
      if (next == state_generation::unknown)
        step_slowly(c);
      else
        id_ = next;
    }

    const pattern_automaton* automaton_;
    std::shared_ptr<const state_generation> states_;
    state_id id_ = state_generation::start;
    std::shared_ptr<const state> overflown_; // there was no room for it; `id_` is then `unknown`
  };

  /// Generations at a time. While cursors hold on to so many, a full one is not followed by another, and
  /// bytes that lead to what it has no room for take longer.
  static constexpr std::size_t most_generations = 4;

  /// Whether texts have led to more states than a generation holds. Until then all cursors are of the first.
  bool has_overflown() const noexcept { return has_overflown_.load(std::memory_order_acquire); }

  /// Generations that take memory now.
  std::size_t generations() const;

  /// States in the newest of them.
  std::size_t states() const;

private:
  std::shared_ptr<state_generation> newest() const;
  std::shared_ptr<state_generation> new_generation() const;
  state_id find_room(const state& s, std::shared_ptr<const state_generation>& full) const;

  pattern_program program_;
  // Guards what follows and the writing of states. Not in one line of the cache with what every byte reads.
  alignas(64) mutable std::mutex lock_;
  mutable std::array<std::weak_ptr<const state_generation>, most_generations> held_; // by anybody
  mutable std::shared_ptr<state_generation> current_;
  mutable std::atomic<bool> has_overflown_ = false;
  mutable std::atomic<const state_generation*> newest_; // current_, also for those without the lock
};

} // namespace guardrails::checks
