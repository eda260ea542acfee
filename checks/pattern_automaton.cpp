// Builds states, and generations of them.
#include "checks/pattern_automaton.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::checks {

pattern_automaton::pattern_automaton(std::span<const bounded_expression> expressions, automaton_start start)
  : program_{expressions, start}
  , current_{new_generation()}
  , newest_{current_.get()} {}

// A place for another generation is where one was that nobody holds any more; nothing if there is none.
std::shared_ptr<state_generation> pattern_automaton::new_generation() const {
  const auto place = std::ranges::find_if(held_, [](const auto& held) { return held.expired(); });
  if (place == held_.end())
    return nullptr;
  auto states = std::make_shared<state_generation>(program_);
  *place = states;
  return states;
}

std::shared_ptr<state_generation> pattern_automaton::newest() const {
  const std::scoped_lock guard{lock_};
  return current_;
}

std::size_t pattern_automaton::generations() const {
  const std::scoped_lock guard{lock_};
  return static_cast<std::size_t>(
    std::ranges::count_if(held_, [](const auto& held) { return !held.expired(); }));
}

std::size_t pattern_automaton::states() const {
  const std::scoped_lock guard{lock_};
  return current_->size();
}

// The number of a state in the newest generation, which the full one may have to make room for. A full one
// took at least as many steps as it has states, so what it costs to replace it adds little to each.
state_id pattern_automaton::find_room(const state& s, std::shared_ptr<const state_generation>& full) const {
  const auto id = current_->keep(s);
  if (id != state_generation::unknown)
    return id;
  has_overflown_.store(true, std::memory_order_release);
  if (!state_generation::is_of_ordinary_size(s))
    return id;
  auto next = new_generation();
  if (!next)
    return id;
  full = std::exchange(current_, std::move(next));
  newest_.store(current_.get(), std::memory_order_relaxed);
  return current_->keep(s);
}

pattern_automaton::cursor::cursor(const pattern_automaton& of, bool after_word)
  : automaton_{&of}
  , states_{of.newest()} {
  restart(after_word);
}

bool pattern_automaton::cursor::step_slowly(byte_class c) {
  const auto& of = *automaton_;
  auto next = of.program_.step(at(), c);
  std::shared_ptr<const state_generation> full; // These two are given back when the lock is.
  std::shared_ptr<const state_generation> left;
  const std::scoped_lock guard{of.lock_};
  const auto id = of.find_room(next, full);
  const bool has_room = id != state_generation::unknown;
  if (has_room && !overflown_ && states_ == of.current_)
    of.current_->table().store(id_, c, id);
  left = std::exchange(states_, of.current_);
  id_ = id;
  overflown_ = has_room ? nullptr : std::make_shared<const state>(std::move(next));
  return !has_room || (id & state_generation::noteworthy) != 0;
}

void pattern_automaton::cursor::move_over() {
  auto here = at();
  std::shared_ptr<const state_generation> left;
  const std::scoped_lock guard{automaton_->lock_};
  id_ = automaton_->current_->keep(here);
  left = std::exchange(states_, automaton_->current_);
  overflown_ = id_ == state_generation::unknown ? std::make_shared<const state>(std::move(here)) : nullptr;
}

} // namespace guardrails::checks
