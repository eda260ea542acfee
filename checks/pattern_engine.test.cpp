// The pattern engine: gate, places, limits and what happens when the gate gives up.
#include "checks/pattern_engine.hpp"

#include "checks/byte_class.hpp"

#include <guardrails/errors.hpp>

#define CAF_SUITE pattern_engine
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

policy_patterns compiled(const std::vector<std::string>& expressions) {
  policy_patterns patterns;
  for (const auto& e : expressions)
    patterns.add({e, "key", pattern_origin::user});
  patterns.compile();
  return patterns;
}

} // namespace

TEST("a pattern that matches bytes is refused, one that only looks like it is not") {
  for (const auto* expression : {R"(a\C)", R"(\\\C)", R"(\Qx\E\C)", R"(\Q\\E\C)"})
    CHECK(has_byte_class(expression));
  for (const auto* expression : {R"(a\\C)", R"(\Q\C\E)", R"(\Q\C)", "C", R"(\pC)", "\\"})
    CHECK(!has_byte_class(expression));
  policy_patterns patterns;
  bool refused = false;
  try {
    patterns.add({R"(a\C)", "guardrails.block_list.patterns[0]", pattern_origin::user});
  } catch (const config_error& error) {
    refused = error.key_path() == "guardrails.block_list.patterns[0]";
  }
  CHECK(refused);
}

TEST("the gate tells which patterns occur, also across many gates") {
  std::vector<std::string> expressions;
  for (int i = 0; i < 1'500; ++i)
    expressions.push_back("word" + std::to_string(i) + "x");
  const auto patterns = compiled(expressions);
  const auto hits = patterns.scan("word7x word700x word1400x word");
  int count = 0;
  for (pattern_id id = 0; id < 1'500; ++id)
    count += hits.contains(id);
  CHECK_EQ(count, 3);
  CHECK(hits.contains(7) && hits.contains(700) && hits.contains(1'400));
}

TEST("matches are leftmost, do not overlap and are never empty") {
  const auto patterns = compiled({"a+", "\\b", "(?i)É"});
  const std::vector<match_range> runs{{0, 2}, {3, 4}};
  CHECK(patterns.find_all("aa a", 0) == runs);
  CHECK(patterns.find_all("ab cd", 1).empty());
  CHECK(patterns.find_all("", 0).empty());
  CHECK(patterns.find_all({}, 0).empty());
  CHECK_EQ(patterns.find_all("xéy", 2).size(), 1u);
}

TEST("past the limit the rest of the text is one match") {
  const auto patterns = compiled({"a.*?b|a"});
  const std::string text(4 << 20, 'a');
  const auto matches = patterns.find_all(text, 0);
  CHECK_EQ(matches.size(), policy_patterns::most_matches + 1);
  CHECK_EQ(matches.back().end, text.size());
}

TEST("matches far apart and close together are all found, with their whole length") {
  const auto patterns = compiled({"\\bcat\\b", "x[0-9é]+", "(?s)BEGIN.*?END"});
  std::string text;
  for (int i = 0; i < 1'000; ++i)
    text.append("Line " + std::to_string(i) + " about the cat, and more of it.\n").append(i % 40, ' ');
  CHECK_EQ(patterns.find_all(text, 0).size(), 1'000u);
  std::string sparse;
  for (int i = 0; i < 400; ++i)
    sparse.append(1'000 + 13 * static_cast<std::size_t>(i % 7), '.').append(" cat ");
  CHECK_EQ(patterns.find_all(sparse, 0).size(), 400u);
  std::string run = "x";
  for (int i = 0; i < 3'000; ++i)
    run += i % 3 ? "7" : "é";
  const std::vector<match_range> whole{{0, run.size()}};
  CHECK(patterns.find_all(run, 1) == whole);
  std::string block = "BEGIN";
  block.append(100'000, '-').append("END");
  CHECK_EQ(patterns.find_all(block + "." + block, 2).size(), 2u);
}

TEST("a match is the one that RE2 finds in the whole text") {
  const auto patterns =
    compiled({"(?s)<s>.*?</s>|password", "key=\"[^\"]*\"|key=\\S+", "(?s)BEGIN(?:.*END)?"});
  const auto whole = [&](pattern_id id, std::string_view begin, std::string_view end) {
    std::string text{begin};
    text.append(5'000, 'x').append(end);
    const std::vector<match_range> expected{{0, text.size()}};
    return patterns.find_all(text + " z", id) == expected;
  };
  CHECK(whole(0, "<s> password ", "</s>"));
  CHECK(whole(1, "key=\"a b", "\""));
  CHECK(whole(2, "BEGIN", "END"));
}

TEST("assertions see what stands behind the window of a search") {
  const auto engine = compile_re2({{"a+\\b", "key"}, {"(?m)a+$", "key"}, {"a+$", "key"}});
  for (pattern_id id = 0; id < 3; ++id) {
    CHECK(!engine->next("aaab", id, 0, 3));
    CHECK(engine->next("baaa", id, 0, 4).has_value());
  }
}

TEST("many short matches and many empty ones leave the rest alone") {
  const auto patterns = compiled({"[0-9]", "\\w+", "\\b(?:foo)?"});
  CHECK_EQ(patterns.find_all(std::string(9'000, '7') + std::string(2'000, '.'), 0).size(), 9'000u);
  std::string words;
  for (int i = 0; i < 9'000; ++i)
    words += "word" + std::to_string(i) + ' ';
  CHECK_EQ(patterns.find_all(words, 1).size(), 9'000u);
  CHECK_EQ(patterns.find_all(words, 2).size(), 0u);
  CHECK_EQ(patterns.find_all(words + "foo", 2).size(), 1u);
}

TEST("a pattern that exhausts the gate counts as occurring") {
  // Its automaton has 2^22 states, more than the gate's memory holds.
  const auto patterns = compiled({"(a|b)*a(a|b){22}c", "secret"});
  std::string text;
  unsigned state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 1664525 + 1013904223;
    text.push_back((state >> 20) % 2 ? 'a' : 'b');
  }
  text += " secret";
  CHECK(patterns.scan(text).contains(1));
  CHECK_EQ(patterns.find_all(text, 1).size(), 1u);
}

TEST("patterns that are too large together are refused at the one that is too much") {
  const std::vector<std::string> large(400, "[a-z]{1,1000}");
  try {
    compiled(large);
    CHECK(!"refused");
  } catch (const config_error& error) {
    CHECK(std::string_view{error.what()}.find("together") != std::string_view::npos);
  }
  std::vector<std::string> many;
  for (std::size_t i = 0; i < policy_patterns::max_patterns; ++i)
    many.push_back("(?i)\\bsome word " + std::to_string(i) + "\\b");
  CHECK(compiled(many).scan("Some Word 9999.").contains(9'999));
}

TEST("a search resumes where the verifier says") {
  const auto patterns = compiled({"[0-9]+"});
  std::vector<match_range> seen;
  const std::string_view text = "12 34 56";
  patterns.for_each_candidate({text, patterns.scan(text), {}}, 0, [&](match_range m) {
    seen.push_back(m);
    return search_step{m.begin == 0 ? 5u : 0u}; // 0 stands still, which the search does not allow
  });
  const std::vector<match_range> expected{{6, 8}, {7, 8}};
  CHECK(seen.size() == 3 && seen[1] == expected[0] && seen[2] == expected[1]);
}

TEST("what repeats too often is refused by its key") {
  bool refused = false;
  try {
    compiled({"((\\pL{100}){100}){100}"});
  } catch (const config_error& error) {
    refused = error.key_path() == "key";
  }
  CHECK(refused);
}
