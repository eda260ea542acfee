// Compiles expressions into a program of threads, and takes sets of them over a byte.
#include "checks/pattern_program.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace guardrails::checks {

namespace {

constexpr unsigned char last_ascii = 0x7F;
constexpr char32_t last_code_point = 0x10FFFF;

/// The bytes that may stand at each place of a sequence of UTF-8.
using byte_sequence = std::vector<std::pair<unsigned char, unsigned char>>;

std::string encoded(char32_t c) {
  std::string bytes;
  append_utf8(bytes, c);
  return bytes;
}

// All that is not ASCII. As RE2 does, it also takes sequences of such a form that are no code points, so that
// both find the same in bytes that are no UTF-8; and these are fewer classes of bytes.
void add_all_sequences(std::vector<byte_sequence>& all) {
  const byte_sequence::value_type trailing{0x80, 0xBF};
  all.push_back({{0xC2, 0xDF}, trailing});
  all.push_back({{0xE0, 0xEF}, trailing, trailing});
  all.push_back({{0xF0, 0xF4}, trailing, trailing, trailing});
}

// Divides a range of code points so that each part is one sequence of ranges of bytes.
void add_sequences(char32_t first, char32_t last, std::vector<byte_sequence>& all) {
  if (first == last_ascii + 1 && last == last_code_point)
    return add_all_sequences(all);
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
class pattern_program::compiler {
public:
  explicit compiler(pattern_program& of)
    : of_{of} {}

  void add(const bounded_expression& expression) {
    const auto number = static_cast<std::uint32_t>(of_.entries_.size());
    const auto match = write({instruction::kind::match, 0, 0, number});
    of_.entries_.push_back(emit(expression.root, match));
    of_.expression_of_.resize(of_.program_.size(), number);
  }

private:
  thread write(instruction what) {
    of_.program_.push_back(what);
    return static_cast<thread>(of_.program_.size() - 1);
  }

  thread fork(thread preferred, thread other) {
    return write({instruction::kind::fork, preferred, other, 0});
  }

  thread bytes(const byte_set& set, thread next) {
    auto& sets = of_.sets_;
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

  pattern_program& of_;
};

/// Threads in order of preference, each once.
class pattern_program::thread_list {
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
  std::vector<thread> open; // that follow() still has to look at

private:
  std::vector<bool> seen_;
};

pattern_program::pattern_program(std::span<const bounded_expression> expressions, automaton_start start)
  : begins_{start} {
  compiler program{*this};
  for (const auto& expression : expressions)
    program.add(expression);
  divide_bytes();
  if (begins_ == automaton_start::everywhere)
    for (const bool at_boundary : {false, true})
      everywhere_[at_boundary] = find_beginnings(at_boundary);
}

// Bytes that are in the same sets, and are both or neither letters of words, are of one class.
void pattern_program::divide_bytes() {
  std::unordered_map<std::string, byte_class> known;
  for (unsigned byte = 0; byte < classes_.size(); ++byte) {
    std::string membership(1, is_word_byte(static_cast<unsigned char>(byte)) ? 'w' : ' ');
    for (const auto& set : sets_)
      membership.push_back(set[byte] ? '1' : '0');
    const auto [place, is_new] = known.try_emplace(std::move(membership), end_of_text());
    if (is_new)
      sample_.push_back(static_cast<unsigned char>(byte));
    classes_[byte] = place->second;
  }
}

pattern_program::beginnings pattern_program::find_beginnings(bool at_boundary) const {
  thread_list decided{program_.size()};
  for (const auto entry : entries_)
    follow(entry, at_boundary, true, decided);
  beginnings all;
  std::vector<thread_list> behind; // by place in all.by_set
  std::vector<std::size_t> place_of(sets_.size(), sets_.size());
  for (const auto t : decided.threads) {
    const auto& what = program_[t];
    if (what.is == instruction::kind::match) {
      all.matched.push_back(what.number);
      continue;
    }
    auto& place = place_of[what.number];
    if (place == sets_.size()) {
      place = behind.size();
      behind.emplace_back(program_.size());
      all.by_set.push_back({what.number, {}});
    }
    follow(what.next, false, false, behind[place]);
  }
  for (std::size_t i = 0; i < behind.size(); ++i)
    all.by_set[i].behind = std::move(behind[i].threads);
  return all;
}

// Adds what can be reached from `from` without taking a byte. Word boundaries wait until they are decided.
void pattern_program::follow(thread from, bool at_boundary, bool decided, thread_list& into) const {
  auto& open = into.open;
  open.push_back(from);
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

pattern_program::state pattern_program::begin(bool after_word) const {
  thread_list threads{program_.size()};
  if (begins_ == automaton_start::here)
    for (const auto entry : entries_)
      follow(entry, false, false, threads);
  return {std::move(threads.threads), {}, after_word};
}

pattern_program::state pattern_program::step(const state& from, byte_class c) const {
  const bool ends = c == end_of_text();
  const bool is_word = !ends && is_word_byte(sample_[c]);
  const bool at_boundary = from.after_word != is_word;
  thread_list decided{program_.size()};
  for (const auto t : from.threads)
    follow(t, at_boundary, true, decided);
  state next;
  next.after_word = is_word;
  thread_list threads{program_.size()};
  for (const auto t : decided.threads) {
    const auto& what = program_[t];
    const bool has_matched = !next.matched.empty() && next.matched.back() == expression_of_[t];
    if (has_matched && begins_ == automaton_start::here)
      continue; // less preferred than the match
    if (what.is == instruction::kind::match)
      next.matched.push_back(what.number);
    else if (!ends && sets_[what.number][sample_[c]])
      follow(what.next, false, false, threads);
  }
  if (begins_ == automaton_start::here) {
    next.threads = std::move(threads.threads);
    if (next.dead())
      next.after_word = false;
    return next;
  }
  const auto& begun = everywhere_[at_boundary];
  next.matched.insert(next.matched.end(), begun.matched.begin(), begun.matched.end());
  for (const auto& [set, behind] : begun.by_set)
    if (!ends && sets_[set][sample_[c]])
      for (const auto t : behind)
        if (threads.add(t))
          threads.keep(t);
  next.threads = std::move(threads.threads);
  std::ranges::sort(next.threads); // here the order does not matter
  std::ranges::sort(next.matched);
  next.matched.erase(std::ranges::unique(next.matched).begin(), next.matched.end());
  return next;
}

byte_set pattern_program::continuations(const state& from) const {
  thread_list threads{program_.size()};
  for (const auto t : from.threads)
    follow(t, true, true, threads);
  return first_bytes(threads);
}

// All where one of the threads is a match.
byte_set pattern_program::first_bytes(const thread_list& of) const {
  byte_set bytes;
  for (const auto t : of.threads)
    bytes |= program_[t].is == instruction::kind::match ? byte_set{}.set() : sets_[program_[t].number];
  return bytes;
}

std::array<byte_set, 256> pattern_program::behind_first_of(const byte_set& set) const {
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

} // namespace guardrails::checks
