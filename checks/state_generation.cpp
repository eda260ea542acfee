// Numbers states as they come.
#include "checks/state_generation.hpp"

#include <bit>
#include <cstdlib>
#include <new>

namespace guardrails::checks {

namespace {

constexpr std::uint32_t no_expression = 0xFFFFFFFF;

std::size_t bytes_of(const pattern_program::state& s) noexcept {
  constexpr std::size_t node = 128; // of the map, and what the heap adds
  return node + sizeof s + 4 * (s.threads.size() + s.matched.size());
}

} // namespace

state_generation::state_generation(const pattern_program& program)
  : program_{program}
  , stride_bits_{static_cast<std::size_t>(std::bit_width(std::size_t{program.end_of_text()}))} {
  // Zeroed pages that are not touched cost nothing, and most are not.
  table_.reset(static_cast<std::uint16_t*>(std::calloc(most_states << stride_bits_, sizeof(std::uint16_t))));
  if (!table_)
    throw std::bad_alloc{};
  keep({{}, {no_expression}, false}); // takes the number that means unknown
  keep(program.begin(false));
  keep(program.begin(true));
  over_ = keep({});
}

void state_generation::freed::operator()(std::uint16_t* table) const noexcept {
  std::free(table);
}

bool state_generation::is_of_ordinary_size(const state& s) noexcept {
  return bytes_of(s) <= most_bytes / 2;
}

state_id state_generation::keep(const state& s) {
  if (const auto known = numbers_.find(s); known != numbers_.end())
    return known->second;
  const auto number = numbers_.size();
  const auto bytes = bytes_of(s);
  const bool is_start = number <= start_after_word; // has room always
  if (!is_start && (number == most_states || bytes_ + bytes > most_bytes))
    return unknown;
  auto& in = blocks_[number / states_a_block];
  if (!in)
    in = std::make_unique<block>();
  const auto id = static_cast<state_id>(number | (program_.is_noteworthy(s) ? noteworthy : 0));
  (*in)[number % states_a_block] = &numbers_.emplace(s, id).first->first;
  bytes_ += is_start ? 0 : bytes;
  return id;
}

std::size_t state_generation::state_hash::operator()(const state& s) const noexcept {
  std::size_t hash = s.after_word ? 1 : 2;
  const auto mix = [&](std::size_t value) { hash = (hash ^ value) * 0x100000001B3; };
  for (const auto t : s.threads)
    mix(t);
  mix(s.matched.size());
  for (const auto m : s.matched)
    mix(m);
  return hash;
}

} // namespace guardrails::checks
