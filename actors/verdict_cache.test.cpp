// Verdicts kept by hash: what they are kept under, for how long, and how many.
#define CAF_SUITE verdict_cache
#include "tests/caf_test.hpp"

#include "actors/verdict_cache.hpp"

#include <set>
#include <string>

using namespace guardrails;
using namespace guardrails::actors;
using namespace std::chrono_literals;

namespace {

constexpr verdict_cache::time_point start{};

judge_verdict scoring(double score) {
  return {score > 0.5, "toxic", {}, score, false};
}

question_hash hash_of(std::string_view text) {
  return hash_question("v1", judge_subject::toxicity, false, text);
}

double score_in(verdict_cache& cache, std::string_view text, verdict_cache::time_point now) {
  const auto found = cache.find(hash_of(text), now);
  return found ? found->score : -1;
}

} // namespace

TEST("every part of a question makes a hash of its own") {
  const std::set<question_hash> hashes{hash_of("a"),
                                       hash_of("b"),
                                       hash_of(""),
                                       hash_question("v2", judge_subject::toxicity, false, "a"),
                                       hash_question("v1", judge_subject::content_class, false, "a"),
                                       hash_question("v1", judge_subject::toxicity, true, "a")};
  CHECK_EQ(hashes.size(), 6u);
  CHECK(hash_of("a") == hash_of("a"));
}

TEST("a verdict holds until it expires") {
  verdict_cache cache;
  CHECK(!cache.find(hash_of("a"), start).has_value());
  cache.put(hash_of("a"), scoring(0.9), start + 10s, 4);
  CHECK_EQ(score_in(cache, "a", start + 9s), 0.9);
  CHECK(!cache.find(hash_of("b"), start + 9s).has_value());
  CHECK(!cache.find(hash_of("a"), start + 10s).has_value());
  CHECK_EQ(cache.size(), 0u);
}

TEST("the least recently used verdict gives way") {
  verdict_cache cache;
  cache.put(hash_of("a"), scoring(0.1), start + 10s, 2);
  cache.put(hash_of("b"), scoring(0.2), start + 10s, 2);
  CHECK(cache.find(hash_of("a"), start).has_value());
  cache.put(hash_of("c"), scoring(0.3), start + 10s, 2);
  CHECK_EQ(cache.size(), 2u);
  CHECK(cache.find(hash_of("a"), start).has_value());
  CHECK(!cache.find(hash_of("b"), start).has_value());
  cache.put(hash_of("a"), scoring(0.7), start + 10s, 2);
  CHECK_EQ(cache.size(), 2u);
  CHECK_EQ(score_in(cache, "a", start), 0.7);
  cache.put(hash_of("d"), scoring(0.4), start + 10s, 0);
  CHECK_EQ(cache.size(), 0u);
}
