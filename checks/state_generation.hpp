// States of an automaton that texts led to, and the transitions between them, in bounded memory.
#pragma once

#include "checks/pattern_program.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace guardrails::checks {

/// Number of a state in its generation, with a mark where there is something to look at.
using state_id = std::uint16_t;

/// Written by one thread at a time; anybody may read meanwhile what a transition or `keep` has given a number
/// for.
class alignas(64)
  state_generation { // whose line of the cache does not move when somebody else holds on to it
public:
  using byte_class = pattern_program::byte_class;
  using state = pattern_program::state;

  static constexpr state_id unknown = 0;          ///< stands for no state
  static constexpr state_id start = 1;            ///< before a text
  static constexpr state_id start_after_word = 2; ///< behind a part of a word
  static constexpr state_id noteworthy = 1 << 15; ///< the mark: pattern_program::is_noteworthy
  static constexpr std::size_t most_states = 1 << 14;
  static constexpr std::size_t most_bytes = 8 << 20; ///< of states; the transitions take up to 1 KiB a state

  explicit state_generation(const pattern_program& program);

  /// Where the classes of bytes lead.
  class transitions {
  public:
    transitions(std::uint16_t* table, std::size_t stride_bits) noexcept
      : table_{table}
      , stride_bits_{stride_bits} {}

    state_id load(state_id from, byte_class c) const noexcept {
      return std::atomic_ref{entry(from, c)}.load(std::memory_order_acquire);
    }

    void store(state_id from, byte_class c, state_id to) const noexcept {
      std::atomic_ref{entry(from, c)}.store(to, std::memory_order_release);
    }

  private:
    std::uint16_t& entry(state_id from, byte_class c) const noexcept {
      return table_[(std::size_t{from} & number_mask) << stride_bits_ | c];
    }

    std::uint16_t* table_;
    std::size_t stride_bits_;
  };

  /// Nothing is under way and nothing matched: the end of every search that was set down `here`.
  state_id over() const noexcept { return over_; }

  transitions table() const noexcept { return {table_.get(), stride_bits_}; }

  const state& operator[](state_id id) const noexcept {
    const auto number = std::size_t{id} & number_mask;
    return *(*blocks_[number / states_a_block])[number % states_a_block];
  }

  /// Gives a state its number; `unknown` when there is no room for it.
  state_id keep(const state& s);

  /// Whether there is room for it in an empty generation.
  static bool is_of_ordinary_size(const state& s) noexcept;

  std::size_t size() const noexcept { return numbers_.size(); }

private:
  static constexpr std::size_t number_mask = noteworthy - 1;
  static constexpr std::size_t states_a_block = 64;

  struct state_hash {
    std::size_t operator()(const state& s) const noexcept;
  };
  struct freed {
    void operator()(std::uint16_t* table) const noexcept;
  };
  using block = std::array<const state*, states_a_block>; // of `numbers_`

  const pattern_program& program_;
  std::size_t stride_bits_;
  std::unique_ptr<std::uint16_t[], freed> table_;
  std::array<std::unique_ptr<block>, most_states / states_a_block> blocks_;
  std::unordered_map<state, state_id, state_hash> numbers_;
  state_id over_ = unknown;
  std::size_t bytes_ = 0;
};

} // namespace guardrails::checks
