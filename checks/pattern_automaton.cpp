// Compiles expressions into a program of threads, and sets of threads into states.
#include "checks/pattern_automaton.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>
#include <string>

namespace guardrails::checks {

namespace {

constexpr unsigned char last_ascii = 0x7F;
constexpr std::uint32_t none = 0xFFFFFFFF;

/// The bytes that may stand at each place of a sequence of UTF-8.
using byte_sequence = std::vector<std::pair<unsigned char, unsigned char>>;

std::string encoded(char32_t c) {
  std::string bytes;
  const auto add = [&](char32_t value) { bytes.push_back(static_cast<char>(value)); };
  const auto trail = [&](int shift) { add(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0 | (c >> 6));
    trail(0);
  } else if (c < 0x10000) {
    add(0xE0 | (c >> 12));
    trail(6);
    trail(0);
  } else {
    add(0xF0 | (c >> 18));
    trail(12);
    trail(6);
    trail(0);
  }
  return bytes;
}

// Divides a range of code points so that each part is one sequence of ranges of bytes.
void add_sequences(char32_t first, char32_t last, std::vector<byte_sequence>& all) {
  for (const char32_t limit : {char32_t{0x7F}, char32_t{0x7FF}, char32_t{0xFFFF}})
    if (first <= limit && limit < last) {
      add_sequences(first, limit, all);
      return add_sequences(limit + 1, last, all);
    }
  for (int trailing = 1; last > last_ascii && trailing < 4; ++trailing) {
    const auto mask = (char32_t{1} << (6 * trailing)) - 1;
    if ((first & ~mask) == (last & ~mask))
      continue;
    if ((first & mask) != 0) {
      add_sequences(first, first | mask, all);
      return add_sequences((first | mask) + 1, last, all);
    }
    if ((last & mask) != mask) {
      add_sequences(first, (last & ~mask) - 1, all);
      return add_sequences(last & ~mask, last, all);
    }
  }
  const auto low = encoded(first);
  const auto high = encoded(last);
  byte_sequence sequence;
  for (std::size_t i = 0; i < low.size() && i < high.size(); ++i)
    sequence.emplace_back(static_cast<unsigned char>(low[i]), static_cast<unsigned char>(high[i]));
  all.push_back(std::move(sequence));
}

} // namespace

/// Writes the program, from the end of each expression to its beginning.
class pattern_automaton::compiler {
public:
  explicit compiler(pattern_automaton& of)
    : automaton_{of} {}

  void add(const bounded_expression& expression) {
    const auto number = static_cast<std::uint32_t>(automaton_.entries_.size());
    const auto match = write({instruction::kind::match, 0, 0, number});
    automaton_.entries_.push_back(emit(expression.root, match));
    automaton_.expression_of_.resize(automaton_.program_.size(), number);
  }

private:
  thread write(instruction what) {
    automaton_.program_.push_back(what);
    return static_cast<thread>(automaton_.program_.size() - 1);
  }

  thread fork(thread preferred, thread other) {
    return write({instruction::kind::fork, preferred, other, 0});
  }

  thread bytes(const byte_set& set, thread next) {
    auto& sets = automaton_.sets_;
    const auto place = std::ranges::find(sets, set) - sets.begin();
    if (static_cast<std::size_t>(place) == sets.size())
      sets.push_back(set);
    return write({instruction::kind::byte, next, 0, static_cast<std::uint32_t>(place)});
  }

  thread emit(const expression_node& node, thread next) {
    switch (node.is) {
    case expression_node::kind::characters:
      return characters(node.ranges, next);
    case expression_node::kind::word_boundary:
      return write({instruction::kind::word_boundary, next, 0, 0});
    case expression_node::kind::sequence:
      for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
        next = emit(*child, next);
      return next;
    case expression_node::kind::alternatives:
      return alternatives(node, next);
    case expression_node::kind::repetition:
      return repetition(node, next);
    }
    return next;
  }

  thread alternatives(const expression_node& node, thread next) {
    auto entry = emit(node.children.back(), next);
    for (auto child = std::next(node.children.rbegin()); child != node.children.rend(); ++child)
      entry = fork(emit(*child, next), entry);
    return entry;
  }

  thread repetition(const expression_node& node, thread next) {
    const auto& child = node.children.front();
    auto entry = next;
    for (auto i = node.least; i < node.most; ++i)
      entry = fork(emit(child, entry), next);
    for (std::size_t i = 0; i < node.least; ++i)
      entry = emit(child, entry);
    return entry;
  }

  // One of the code points: at most one of the threads goes on, so their order does not matter.
  thread characters(const code_point_ranges& ranges, thread next) {
    byte_set ascii;
    std::vector<byte_sequence> others;
    for (const auto& [first, last] : ranges) {
      for (auto c = first; c <= last && c <= last_ascii; ++c)
        ascii.set(c);
      if (last > last_ascii)
        add_sequences(std::max<char32_t>(first, last_ascii + 1), last, others);
    }
    auto entry = bytes(ascii, next);
    for (const auto& sequence : others) {
      auto begin = next;
      for (auto part = sequence.rbegin(); part != sequence.rend(); ++part) {
        byte_set set;
        for (unsigned byte = part->first; byte <= part->second; ++byte)
          set.set(byte);
        begin = bytes(set, begin);
      }
      entry = fork(entry, begin);
    }
    return entry;
  }

  pattern_automaton& automaton_;
};

/// Threads in order of preference, each once.
class pattern_automaton::thread_list {
public:
  explicit thread_list(std::size_t program)
    : seen_(program, false) {}

  bool add(thread t) {
    if (seen_[t])
      return false;
    seen_[t] = true;
    return true;
  }

  void keep(thread t) { threads.push_back(t); }

  std::vector<thread> threads;

private:
  std::vector<bool> seen_;
};

pattern_automaton::pattern_automaton(std::span<const bounded_expression> expressions, automaton_start start)
  : begins_{start} {
  compiler program{*this};
  for (const auto& expression : expressions)
    program.add(expression);
  divide_bytes();
  stride_bits_ = static_cast<std::size_t>(std::bit_width(std::size_t{class_count_}));
  // Zeroed pages that are not touched cost nothing, and most are not.
  transitions_.reset(
    static_cast<std::uint16_t*>(std::calloc(most_states << stride_bits_, sizeof(std::uint16_t))));
  if (!transitions_)
    throw std::bad_alloc{};
  thread_list threads{program_.size()};
  for (const auto entry : entries_)
    follow(entry, false, false, threads);
  beginnings_ = std::move(threads.threads);
  keep({{}, {none}, false}); // takes the number that means unknown
  const auto begun = begins_ == automaton_start::here ? beginnings_ : std::vector<thread>{};
  start_ = keep({begun, {}, false});
  start_after_word_ = keep({begun, {}, true});
}

pattern_automaton::~pattern_automaton() = default;

void pattern_automaton::freed::operator()(std::uint16_t* table) const noexcept {
  std::free(table);
}

// Bytes that are in the same sets, and are both or neither letters of words, are of one class.
void pattern_automaton::divide_bytes() {
  std::unordered_map<std::string, byte_class> known;
  for (unsigned byte = 0; byte < classes_.size(); ++byte) {
    std::string membership(1, is_word_byte(static_cast<char>(byte)) ? 'w' : ' ');
    for (const auto& set : sets_)
      membership.push_back(set[byte] ? '1' : '0');
    const auto [place, is_new] = known.try_emplace(std::move(membership), class_count_);
    if (is_new) {
      sample_.push_back(static_cast<unsigned char>(byte));
      ++class_count_;
    }
    classes_[byte] = place->second;
  }
}

// Adds what can be reached from `from` without taking a byte. Word boundaries wait until they are decided.
void pattern_automaton::follow(thread from, bool at_boundary, bool decided, thread_list& into) const {
  std::vector<thread> open{from};
  while (!open.empty()) {
    const auto t = open.back();
    open.pop_back();
    if (!into.add(t))
      continue;
    const auto& what = program_[t];
    switch (what.is) {
    case instruction::kind::fork:
      open.push_back(what.other);
      open.push_back(what.next);
      break;
    case instruction::kind::word_boundary:
      if (!decided)
        into.keep(t);
      else if (at_boundary)
        open.push_back(what.next);
      break;
    case instruction::kind::byte:
    case instruction::kind::match:
      into.keep(t);
      break;
    }
  }
}

pattern_automaton::state pattern_automaton::step(const state& from, byte_class c) const {
  const bool ends = c == class_count_;
  const bool is_word = !ends && is_word_byte(static_cast<char>(sample_[c]));
  thread_list decided{program_.size()};
  for (const auto t : from.threads)
    follow(t, from.after_word != is_word, true, decided);
  if (begins_ == automaton_start::everywhere)
    for (const auto t : beginnings_)
      follow(t, from.after_word != is_word, true, decided);
  state next;
  next.after_word = is_word;
  thread_list threads{program_.size()};
  for (const auto t : decided.threads) {
    const auto& what = program_[t];
    const bool has_matched = !next.matched.empty() && next.matched.back() == expression_of_[t];
    if (has_matched && begins_ == automaton_start::here)
      continue; // less preferred than the match
    if (what.is == instruction::kind::match) {
      next.matched.push_back(what.number);
    } else if (!ends && sets_[what.number][sample_[c]]) {
      follow(what.next, false, false, threads);
    }
  }
  next.threads = std::move(threads.threads);
  if (begins_ == automaton_start::everywhere) { // then the order does not matter
    std::ranges::sort(next.matched);
    next.matched.erase(std::ranges::unique(next.matched).begin(), next.matched.end());
    std::ranges::sort(next.threads);
  } else if (next.dead()) {
    next.after_word = false;
  }
  return next;
}

byte_set pattern_automaton::continuations(const state& from) const {
  thread_list threads{program_.size()};
  for (const auto t : from.threads)
    follow(t, true, true, threads);
  return first_bytes(threads);
}

// All where one of the threads is a match.
byte_set pattern_automaton::first_bytes(const thread_list& of) const {
  byte_set bytes;
  for (const auto t : of.threads)
    bytes |= program_[t].is == instruction::kind::match ? byte_set{}.set() : sets_[program_[t].number];
  return bytes;
}

std::array<byte_set, 256> pattern_automaton::behind_first_of(const byte_set& set) const {
  std::array<byte_set, 256> behind{};
  thread_list before{program_.size()}; // reached without a byte of the set
  for (const auto entry : entries_)
    follow(entry, true, true, before);
  for (std::size_t i = 0; i < before.threads.size(); ++i) {
    const auto what = program_[before.threads[i]];
    if (what.is == instruction::kind::match)
      continue;
    if ((sets_[what.number] & ~set).any())
      follow(what.next, true, true, before);
    const auto firsts = sets_[what.number] & set;
    if (firsts.none())
      continue;
    thread_list after{program_.size()};
    follow(what.next, true, true, after);
    const auto next = first_bytes(after);
    for (std::size_t byte = 0; byte < behind.size(); ++byte)
      if (firsts[byte])
        behind[byte] |= next;
  }
  return behind;
}

std::size_t pattern_automaton::state_hash::operator()(const state& s) const noexcept {
  std::size_t hash = s.after_word ? 1 : 2;
  const auto mix = [&](std::size_t value) { hash = (hash ^ value) * 0x100000001B3; };
  for (const auto t : s.threads)
    mix(t);
  mix(s.matched.size());
  for (const auto m : s.matched)
    mix(m);
  return hash;
}

void pattern_automaton::publish(std::uint16_t from, byte_class c, std::uint16_t to) const {
  auto& entry = transitions_[(std::size_t{from} & number_mask) << stride_bits_ | c];
  std::atomic_ref{entry}.store(to, std::memory_order_release);
}

// The number of a state, with what a transition to it says; `unknown` when there is no room. Under the lock,
// or before anybody else sees the automaton.
std::uint16_t pattern_automaton::keep(state s) const {
  if (const auto known = numbers_.find(s); known != numbers_.end())
    return known->second;
  const auto number = numbers_.size();
  if (number == most_states) {
    is_full_.store(true, std::memory_order_relaxed);
    return unknown;
  }
  auto& in = blocks_[number / states_a_block];
  if (!in)
    in = std::make_unique<block>();
  const bool over = s.dead() && begins_ == automaton_start::here;
  const auto mark = over || !s.matched.empty() ? noteworthy : std::uint16_t{0};
  const auto id = static_cast<std::uint16_t>(number | mark);
  (*in)[number % states_a_block] = &numbers_.emplace(std::move(s), id).first->first;
  return id;
}

std::size_t pattern_automaton::states() const {
  const std::scoped_lock guard{lock_};
  return numbers_.size();
}

bool pattern_automaton::cursor::step_slowly(byte_class c) {
  auto next = automaton_->step(at(), c);
  const std::scoped_lock guard{automaton_->lock_};
  const auto id = automaton_->keep(next);
  if (id == unknown) {
    id_ = unknown;
    overflown_ = std::make_shared<const state>(std::move(next));
    return true;
  }
  if (!overflown_)
    automaton_->publish(id_, c, id);
  overflown_.reset();
  id_ = id;
  return (id & noteworthy) != 0;
}

} // namespace guardrails::checks
