// The finder, the gate and the stream form say what RE2 says, on texts made of what the patterns look for.
#include "checks/candidate_finder.hpp"
#include "checks/pattern_gate.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/stream_patterns.hpp"
#include "checks/utf8.hpp"

#include <guardrails/errors.hpp>

#include <map>
#include <random>
#include <set>
#include <tuple>

#define CAF_SUITE candidate_finder
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

std::vector<pattern> built_in_patterns() {
  std::set<std::string> expressions;
  for (const auto& r : all_recognisers())
    for (const auto& form : r.forms)
      expressions.insert(form.expression);
  expressions.insert(password_and_host_form().expression);
  for (const auto& form : secrets::all_secret_forms())
    expressions.insert(form.expression);
  std::vector<pattern> patterns;
  for (const auto& expression : expressions)
    patterns.push_back({expression, "key", pattern_origin::built_in});
  return patterns;
}

constexpr auto morsels = std::to_array<std::string_view>(
  {"0",  "1",      "2",    "3",      "4",   "5",           "6",     "7",      "8",      "9",
   "12", "123",    "1234", "9090",   " ",   "-",           ".",     ":",      "/",      "@",
   "(",  ")",      "+",    "A",      "b",   "DE",          "GB",    "T",      "S",      "s",
   "k",  "K",      "ſ",    "\u212A", "Ä",   "ä",           "é",     "\u00A0", "\u2013", "_",
   "zz", "CD",     "hr",   "B",      "x",   "a@",          ".com",  "bc1",    "\n",     "%",
   "=",  "T12:30", "eyJ",  "sk-",    "key", "patient id ", "MRN: ", "http",   "://",    "GIR"});

// Digits outweigh all else in some texts, as they do where it matters.
std::string random_text(std::mt19937& random, std::size_t most) {
  std::string text;
  const auto of_digits = random() % 3;
  for (auto left = random() % most; left > 0; --left) {
    if (of_digits != 0 && random() % of_digits == 0)
      text.push_back(static_cast<char>('0' + random() % 10));
    else
      text += morsels[random() % morsels.size()];
  }
  return text;
}

std::vector<match_range> matches_everywhere(const pattern_engine& engine, pattern_id id,
                                            std::string_view text) {
  std::vector<match_range> matches;
  for (std::size_t from = 0; from <= text.size(); from = matches.back().begin + 1) {
    const auto found = engine.next(text, id, from, text.size());
    if (!found)
      break;
    matches.push_back(*found);
  }
  return matches;
}

} // namespace

TEST("every match of every located pattern is the one that RE2 finds there") {
  const auto patterns = built_in_patterns();
  const auto engine = compile_re2(patterns);
  std::vector<findable_pattern> findable;
  for (pattern_id id = 0; id < patterns.size(); ++id)
    if (auto expression = candidate_finder::takes(patterns[id].expression))
      findable.push_back({std::move(*expression), id});
  CHECK(findable.size() > 90);
  const candidate_finder finder{findable};
  std::mt19937 random{1};
  for (int i = 0; i < 1'000; ++i) {
    const auto text = random_text(random, 40);
    std::map<pattern_id, std::vector<match_range>> found;
    finder.for_each(text, [&](const candidate_finder::candidate& c) {
      found[finder[c.index].id].push_back(c.where);
      return true;
    });
    for (const auto& p : findable)
      if (p.expression.exact && found[p.id] != matches_everywhere(*engine, p.id, text))
        CHECK_EQ(patterns[p.id].expression, text);
  }
}

TEST("an address with letters that are not ASCII is found, one with a sign is not") {
  policy_patterns patterns;
  patterns.add({R"([^\s@]@[\pL\pN])", "key", pattern_origin::built_in});
  patterns.compile();
  std::vector<match_range> found;
  const std::string_view text = "a@é ü@b c@☂ d@7";
  patterns.for_each_located({text, patterns.scan(text), {}}, [&](pattern_id, match_range where) {
    found.push_back(where);
    return search_step{where.end};
  });
  const std::vector<match_range> expected{{0, 4}, {5, 9}, {16, 19}};
  CHECK(found == expected);
}

TEST("candidates are the same whether they are kept for all checks or found by each") {
  policy_patterns patterns;
  for (auto& p : built_in_patterns())
    patterns.add(std::move(p));
  patterns.compile();
  std::mt19937 random{4};
  for (int i = 0; i < 300; ++i) {
    const auto text = random_text(random, 60);
    auto hits = patterns.scan(text);
    const auto candidates = [&] {
      std::vector<std::pair<pattern_id, match_range>> found;
      const scanned_text scanned{text, hits, {}};
      const auto add = [&](pattern_id id, match_range where) {
        found.emplace_back(id, where);
        return search_step{where.begin + 1 + where.end % 3};
      };
      patterns.for_each_located(scanned, add);
      for (pattern_id id = 0; id < patterns.all().size(); ++id)
        patterns.for_each_candidate(scanned, id, [&](match_range where) { return add(id, where); });
      return found;
    };
    const auto kept = candidates();
    hits.located.reset();
    CHECK(kept == candidates());
  }
}

TEST("more candidates than are kept are found all the same") {
  policy_patterns patterns;
  for (auto& p : built_in_patterns())
    patterns.add(std::move(p));
  patterns.compile();
  const std::string text(10'000, '1');
  const auto hits = patterns.scan(text);
  CHECK(!hits.located);
  std::size_t found = 0;
  patterns.for_each_located({text, hits, {}}, [&](pattern_id, match_range where) {
    ++found;
    return search_step{where.begin + 1};
  });
  CHECK(found > text.size());
}

TEST("the gate tells what RE2 finds, wherever it cuts a text") {
  auto patterns = built_in_patterns();
  patterns.push_back({"(?i)\\bproject[ -]?falcon\\b", "key"});
  patterns.push_back({"-{20,40}\\n", "key"});
  const auto engine = compile_re2(patterns);
  std::vector<bounded_expression> expressions;
  std::vector<pattern_id> ids;
  for (pattern_id id = 0; id < patterns.size(); ++id)
    if (auto expression = pattern_gate::takes(patterns[id].expression);
        expression && !candidate_finder::takes(patterns[id].expression)) {
      expressions.push_back(std::move(*expression));
      ids.push_back(id);
    }
  CHECK(expressions.size() > 15);
  const pattern_gate gate{expressions, ids};
  const std::array<std::string, 2> planted{" Project-Falcon ", std::string(30, '-').append("\n")};
  std::mt19937 random{5};
  for (std::size_t i = 0; i < 1'000; ++i) {
    auto text = random_text(random, 400);
    if (i % 2 == 0)
      text.insert(next_boundary(text, random() % (text.size() + 1)), planted[i / 2 % planted.size()]);
    pattern_hits hits{patterns.size()};
    CHECK(gate.scan(text, hits));
    for (std::size_t k = 0; k < ids.size(); ++k) {
      const bool occurs = engine->next(text, ids[k], 0, text.size()).has_value();
      const bool as_expected =
        expressions[k].exact ? hits.contains(ids[k]) == occurs : hits.contains(ids[k]) || !occurs;
      if (!as_expected)
        CHECK_EQ(patterns[ids[k]].expression, text);
    }
  }
}

TEST("a gate that has run out of states says so, and the engine goes on without it") {
  const std::vector<pattern> patterns{
    {"a[ab]{16}c", "key"}, {"b[ab]{14}a[ab]{3}c", "key"}, {"dead end", "key"}};
  const auto engine = compile_re2(patterns);
  std::mt19937 random{6};
  std::string text;
  for (int i = 0; i < 60'000; ++i)
    text.push_back(random() % 2 == 0 ? 'a' : 'b');
  for (const auto* end : {"", "c", "c", "dead end"}) {
    pattern_hits hits{patterns.size()};
    engine->scan(text + end, hits);
    for (pattern_id id = 0; id < patterns.size(); ++id)
      CHECK_EQ(hits.contains(id),
               engine->next(text + end, id, 0, text.size() + std::string_view{end}.size()).has_value());
  }
}

TEST("a stream gives the hits of the whole text, however it is cut") {
  auto patterns = built_in_patterns();
  std::erase_if(patterns, [](const pattern& p) {
    const auto parsed = parse_bounded(p.expression, 512).expression;
    return !parsed || !parsed->exact;
  });
  const auto engine = compile_re2(patterns);
  const stream_patterns compiled{patterns};
  std::mt19937 random{2};
  for (int i = 0; i < 1'000; ++i) {
    const auto text = random_text(random, 40);
    using hits = std::set<std::pair<pattern_id, std::size_t>>;
    hits whole;
    hits pieces;
    const auto add_to = [](hits& all) {
      return [&all](pattern_id id, std::size_t end) { all.emplace(id, end); };
    };
    stream_patterns::stream at_once{compiled};
    at_once.feed(text, add_to(whole));
    at_once.finish(add_to(whole));
    stream_patterns::stream in_pieces{compiled};
    for (std::size_t pos = 0; pos < text.size();) {
      const auto size = random() % 20;
      in_pieces.feed(std::string_view{text}.substr(pos, size), add_to(pieces));
      pos += size;
    }
    in_pieces.finish(add_to(pieces));
    CHECK(whole == pieces);
    for (pattern_id id = 0; id < patterns.size(); ++id) {
      const auto reported = std::ranges::any_of(whole, [&](const auto& hit) { return hit.first == id; });
      if (reported != engine->next(text, id, 0, text.size()).has_value())
        CHECK_EQ(patterns[id].expression, text);
    }
  }
  CHECK(compiled.automaton().states() < state_generation::most_states);
}

TEST("no text leads the finder of what is built in to more states than are kept") {
  std::vector<bounded_expression> located;
  for (const auto& p : built_in_patterns())
    if (auto expression = candidate_finder::takes(p.expression))
      located.push_back(std::move(*expression));
  const pattern_program program{located, automaton_start::here};
  const auto before = [](const pattern_program::state& a, const pattern_program::state& b) {
    return std::tie(a.threads, a.matched, a.after_word) < std::tie(b.threads, b.matched, b.after_word);
  };
  std::set<pattern_program::state, decltype(before)> states;
  std::vector<const pattern_program::state*> open;
  const auto reach = [&](pattern_program::state s) {
    if (const auto [place, is_new] = states.insert(std::move(s)); is_new)
      open.push_back(&*place);
  };
  reach(program.begin(false));
  reach(program.begin(true));
  while (!open.empty() && states.size() <= state_generation::most_states) {
    const auto& from = *open.back();
    open.pop_back();
    for (pattern_program::byte_class c = 0; c <= program.end_of_text(); ++c)
      reach(program.step(from, c));
  }
  CHECK(states.size() < state_generation::most_states);
}

TEST("what a stream cannot have is refused by its key") {
  for (const auto* expression :
       {"a+", "a*", "a{2,}", "^a", "a$", "[a-z]{1,600}", "(?s)a.b", "a{2}?", "\\pM", "((\\b{99}){99}){99}"}) {
    const std::vector<pattern> patterns{{"fine", "first"}, {expression, "second"}};
    bool refused = false;
    try {
      const stream_patterns compiled{patterns};
    } catch (const config_error& error) {
      refused = error.key_path() == "second";
    }
    if (!refused)
      CHECK_EQ(expression, std::string_view{"refused"});
  }
}
