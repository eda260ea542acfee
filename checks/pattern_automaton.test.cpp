// The automaton says what RE2 says for expressions put together at random, and no text makes it slow for good
// or large.
#include "checks/candidate_finder.hpp"
#include "checks/pattern_gate.hpp"
#include "checks/stream_patterns.hpp"

#include <re2/re2.h>

#include <array>
#include <atomic>
#include <memory>
#include <random>
#include <set>
#include <thread>

#define CAF_SUITE pattern_automaton
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

// Each byte of a flood leads to a state that was not there before, nearly.
const std::vector<pattern> floodable{
  {"a[ab]{16}c", "key"}, {"b[ab]{14}a[ab]{3}c", "key"}, {"\\bcat [0-9]{2}\\b", "key"}};

std::string flood(std::uint32_t seed, std::size_t bytes) {
  std::mt19937 random{seed};
  std::string text;
  while (text.size() < bytes)
    text.push_back(random() % 100 == 0 ? 'c' : random() % 2 == 0 ? 'a' : 'b');
  return text;
}

std::string cats(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text.append("Line ")
      .append(std::to_string(i))
      .append(": cat ")
      .append(std::to_string(10 + i % 90))
      .append(" sat.\n");
  return text;
}

std::size_t count_matches(const stream_patterns& of, std::string_view text, std::size_t piece = 4'096) {
  std::size_t matches = 0;
  const auto count = [&](pattern_id, std::size_t) { ++matches; };
  stream_patterns::stream stream{of};
  for (std::size_t pos = 0; pos < text.size(); pos += piece)
    stream.feed(text.substr(pos, piece), count);
  stream.finish(count);
  return matches;
}

template <std::size_t N>
std::string_view pick(std::mt19937& random, const std::array<std::string_view, N>& of) {
  return of[random() % N];
}

constexpr auto atoms = std::to_array<std::string_view>({"a",
                                                        "b",
                                                        "1",
                                                        "\\.",
                                                        "@",
                                                        "\\b",
                                                        "\\b",
                                                        "[ab]",
                                                        "[^a]",
                                                        "\\d",
                                                        "\\w",
                                                        "\\s",
                                                        "\\S",
                                                        "\\D",
                                                        "é",
                                                        "[à-ü]",
                                                        "[0-9@.]",
                                                        "[^1-9]",
                                                        "(?i:kS)",
                                                        "(?i:é)",
                                                        "(?i)",
                                                        "\\x41",
                                                        "ſ",
                                                        "[^\\d]",
                                                        "\\x{1F600}",
                                                        "[]a]",
                                                        "(?i:[^k])",
                                                        "_",
                                                        "[\\d-]",
                                                        "()",
                                                        "[a-\\x{20AC}]",
                                                        ".",
                                                        "(?i:[x-z])",
                                                        "\\n",
                                                        "[+--]",
                                                        "-",
                                                        "(?i:[\\x{80}-\\x{10FFFF}])",
                                                        "(?i:[^\\x{80}-\\x{10FFFF}])",
                                                        "(?i:[\\x{C0}-\\x{10FFFF}])"});
constexpr auto counts = std::to_array<std::string_view>({"?", "{2}", "{0,2}", "{1,3}", "{0}", "{3,4}"});
constexpr auto morsels = std::to_array<std::string_view>({"a",
                                                          "b",
                                                          "1",
                                                          "2",
                                                          ".",
                                                          "@",
                                                          ":",
                                                          " ",
                                                          "-",
                                                          "_",
                                                          "\n",
                                                          "é",
                                                          "É",
                                                          "à",
                                                          "k",
                                                          "K",
                                                          "s",
                                                          "S",
                                                          "ſ",
                                                          "\u212A",
                                                          "\U0001F600",
                                                          "€",
                                                          "A",
                                                          "B",
                                                          "z",
                                                          "]",
                                                          "+",
                                                          "ÿ",
                                                          "ß",
                                                          "\t",
                                                          "\v",
                                                          "\x01",
                                                          "\x80",
                                                          "\xC3",
                                                          "\xE0\x80\x80",
                                                          "\xED\xA0\x80",
                                                          "\xF4\x90\x80\x80"});

std::string random_expression(std::mt19937& random, int depth) {
  std::string out;
  for (auto parts = 1 + random() % 4; parts > 0; --parts) {
    if (depth > 0 && random() % 3 == 0) {
      out += random() % 3 == 0 ? "(?i:" : "(";
      out += random_expression(random, depth - 1);
      if (random() % 2 == 0)
        out.append("|").append(random_expression(random, depth - 1));
      out += random() % 5 == 0 ? "|)" : ")";
    } else {
      out += pick(random, atoms);
    }
    if (random() % 3 == 0)
      out += pick(random, counts);
  }
  return out;
}

std::string random_text(std::mt19937& random) {
  std::string text;
  for (auto parts = random() % 14; parts > 0; --parts)
    text += pick(random, morsels);
  return text;
}

// Every end of every match, found by trying each range.
std::set<std::size_t> ends_by_re2(const RE2& expression, std::string_view text) {
  const re2::StringPiece view{text.data(), text.size()};
  std::set<std::size_t> ends;
  for (std::size_t begin = 0; begin <= text.size(); ++begin)
    for (std::size_t end = begin; end <= text.size(); ++end)
      if (expression.Match(view, begin, end, RE2::ANCHOR_BOTH, nullptr, 0))
        ends.insert(end);
  return ends;
}

std::vector<match_range> matches_by_re2(const RE2& expression, std::string_view text) {
  const re2::StringPiece view{text.data(), text.size()};
  std::vector<match_range> matches;
  re2::StringPiece match;
  for (std::size_t begin = 0; begin < text.size(); ++begin)
    if (expression.Match(view, begin, text.size(), RE2::ANCHOR_START, &match, 1))
      matches.push_back({begin, begin + match.size()});
  return matches;
}

std::set<std::size_t> ends_by_stream(const std::string& expression, std::string_view text,
                                     std::mt19937& random) {
  const std::vector<pattern> patterns{{expression, "key"}};
  const stream_patterns compiled{patterns};
  std::set<std::size_t> ends;
  const auto note = [&](pattern_id, std::size_t end) { ends.insert(end); };
  stream_patterns::stream stream{compiled};
  for (std::size_t pos = 0; pos < text.size();) {
    const auto size = random() % 5;
    stream.feed(text.substr(pos, size), note);
    pos += size;
  }
  stream.finish(note);
  return ends;
}

} // namespace

TEST("every end of every match of a random expression is one that RE2 confirms, and none is left out") {
  std::mt19937 random{11};
  RE2::Options options;
  options.set_log_errors(false);
  int located = 0;
  for (int tried = 0; tried < 1'500;) {
    const auto expression = random_expression(random, 2);
    const RE2 reference{expression, options};
    const auto parsed = parse_bounded(expression, stream_patterns::widest).expression;
    if (!parsed)
      continue;
    ++tried;
    if (!reference.ok()) {
      CHECK_EQ(expression, std::string_view{"refused as by RE2"});
      continue;
    }
    std::unique_ptr<const candidate_finder> finder;
    if (const auto findable = candidate_finder::takes(expression))
      finder = std::make_unique<const candidate_finder>(std::vector<findable_pattern>{{*findable, 0}});
    located += finder != nullptr;
    for (int texts = 0; texts < 4; ++texts) {
      const auto text = random_text(random);
      if (ends_by_stream(expression, text, random) != ends_by_re2(reference, text))
        CHECK_EQ(expression, text);
      if (!finder)
        continue;
      std::vector<match_range> found;
      finder->for_each(text, [&](const candidate_finder::candidate& c) {
        found.push_back(c.where);
        return true;
      });
      if (found != matches_by_re2(reference, text))
        CHECK_EQ(expression, text);
    }
  }
  CHECK(located > 200);
}

TEST("a gate omits no pattern that RE2 finds, however the stretches fall") {
  std::mt19937 random{12};
  RE2::Options options;
  options.set_log_errors(false);
  for (int tried = 0; tried < 300;) {
    const auto expression = random_expression(random, 2);
    const auto parsed = pattern_gate::takes(expression);
    const RE2 reference{expression, options};
    if (!parsed || RE2::FullMatch("", reference))
      continue;
    ++tried;
    const pattern_gate gate{std::vector{*parsed}, {0}};
    for (int texts = 0; texts < 20; ++texts) {
      std::string text;
      for (auto parts = random() % 300; parts > 0; --parts)
        text += random() % 4 == 0 ? pick(random, morsels) : " ";
      pattern_hits hits{1};
      if (gate.scan(text, hits) && hits.contains(0) != RE2::PartialMatch(text, reference))
        CHECK_EQ(expression, text);
    }
  }
}

TEST("other cases of a class up to the last code point are those that RE2 knows") {
  const auto occurs = [](std::string_view expression, std::string_view text) {
    const pattern_gate gate{std::vector{*pattern_gate::takes(expression)}, {0}};
    pattern_hits hits{1};
    gate.scan(text, hits);
    return hits.contains(0);
  };
  CHECK(occurs("(?i:1[\\x{80}-\\x{10FFFF}])", "1k"));   // the Kelvin sign
  CHECK(!occurs("(?i:1[^\\x{80}-\\x{10FFFF}])", "1S")); // the long s
  CHECK(!pattern_gate::takes("(?i:[\\x{E0}-\\x{10FFFF}])"));
}

TEST("a text that leads to more states than are kept is still read right") {
  const stream_patterns compiled{floodable};
  const auto text = flood(3, 50'000);
  std::array<std::set<std::size_t>, 2> found;
  stream_patterns::stream stream{compiled};
  stream.feed(text, [&](pattern_id id, std::size_t end) { found[id].insert(end); });
  for (pattern_id id = 0; id < 2; ++id) {
    const RE2 reference{floodable[id].expression};
    std::set<std::size_t> expected;
    for (const auto& m : matches_by_re2(reference, text))
      expected.insert(m.end);
    CHECK(expected.size() > 10);
    CHECK(found[id] == expected);
  }
}

TEST("after floods an ordinary text finds the states that it needs") {
  const stream_patterns compiled{floodable};
  const auto& automaton = compiled.automaton();
  const auto text = cats(50);
  for (std::uint32_t seed = 0; seed < 6; ++seed)
    count_matches(compiled, flood(seed, 20'000));
  count_matches(compiled, text); // may fill a generation and go on in the next
  CHECK_EQ(count_matches(compiled, text), 50u);
  const auto states = automaton.states();
  CHECK(states < state_generation::most_states);
  CHECK_EQ(count_matches(compiled, text), 50u);
  CHECK_EQ(automaton.states(), states);
  CHECK_EQ(automaton.generations(), 1u);
}

TEST("streams that rest while others flood keep their place, and hold on to little") {
  const stream_patterns compiled{floodable};
  const auto& automaton = compiled.automaton();
  std::vector<stream_patterns::stream> resting;
  std::size_t matches = 0;
  const auto count = [&](pattern_id, std::size_t) { ++matches; };
  std::size_t most = 0;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    resting.emplace_back(compiled).feed("The cat 1", count);
    count_matches(compiled, flood(seed, 20'000), 16);
    most = std::max(most, automaton.generations());
  }
  CHECK_EQ(most, pattern_automaton::most_generations);
  matches = 0;
  for (auto& stream : resting)
    stream.feed("7 sat", count);
  CHECK_EQ(matches, resting.size());
  count_matches(compiled, flood(99, 20'000));
  CHECK(automaton.states() < state_generation::most_states);
  for (auto& stream : resting)
    stream.feed(". ", count);
  CHECK_EQ(automaton.generations(), 1u);
}

TEST("states of many threads take no more memory than small ones") {
  std::vector<pattern> patterns;
  for (char last = 'c'; last < 'm'; ++last)
    patterns.push_back({std::string{"a[a-c]{400}"}.append(1, last), "key"});
  const stream_patterns compiled{patterns};
  const auto text = flood(5, 8'000);
  std::size_t expected = 0;
  for (std::size_t end = 401; end < text.size(); ++end)
    expected += text[end] == 'c' && text[end - 401] == 'a';
  CHECK_EQ(count_matches(compiled, text), expected);
  // A state has some two thousand threads.
  CHECK(compiled.automaton().states() < 2'000);
}

TEST("threads that flood and threads that read share an automaton") {
  const stream_patterns compiled{floodable};
  const auto text = cats(20);
  const auto deluge = flood(7, 40'000);
  const auto expected = count_matches(compiled, deluge);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] { wrong += count_matches(compiled, deluge, 16) != expected; });
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 100; ++k)
        wrong += count_matches(compiled, text, 16) != 20;
    });
  for (auto& thread : threads)
    thread.join();
  CHECK_EQ(wrong.load(), 0);
}
