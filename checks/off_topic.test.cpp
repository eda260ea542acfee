// The off-topic check and routes of a user's own, as a rail runs them.
#define CAF_SUITE off_topic
#include "tests/caf_test.hpp"

#include "tests/check_support.hpp"

#include <algorithm>

using namespace guardrails;
using namespace guardrails::checks;

namespace {

rails_config with_topics() {
  rails_config config;
  auto& g = config.guardrails;
  g.check_toxicity = g.check_semantic = g.check_sensitive_data = false;
  g.check_off_topic = g.block_off_topic = true;
  g.allowed_topics = {{"cooking", "Recipes, ingredients, baking, meals and cooking at home", {}}};
  return config;
}

rails_config with_routes() {
  rails_config config;
  auto& g = config.guardrails;
  g.check_toxicity = g.check_sensitive_data = false;
  g.routes = {{"politics",
               {"who should i vote for in the election", "is the president doing a good job",
                "which party has the better government programme", "what do you think of the new tax law",
                "do you support the prime minister"},
               0.5}};
  return config;
}

check_report judge(const rails_config& config, std::string_view text, direction facing = direction::input) {
  return compile_rail(config, facing).judge(text, testing::no_time).report;
}

bool found_by(const check_report& report, std::string_view check) {
  return std::ranges::find(report.findings, check, &finding::check) != report.findings.end();
}

constexpr std::string_view about_cooking = "how long do i bake the chicken in the oven";
constexpr std::string_view about_money = "please transfer 500 dollars to my savings account";
constexpr std::string_view about_votes = "who should i vote for in the next election";

} // namespace

TEST("what is about a topic passes, what is not fails") {
  const auto on = judge(with_topics(), about_cooking);
  CHECK(on.passed && on.off_topic.value().passed && on.findings.empty());
  const auto off = judge(with_topics(), about_money);
  CHECK(!off.passed && !off.off_topic.value().passed);
  CHECK_EQ(off.message, "Off-topic request detected. Please rephrase your input.");
  const auto& f = off.findings.at(0);
  CHECK(f.check == "off_topic" && f.action == finding_action::block && f.score > f.threshold);
  CHECK(f.span.begin == 0 && f.span.end == about_money.size() && f.model_version);
}

TEST("it may only report") {
  auto config = with_topics();
  config.guardrails.block_off_topic = false;
  const auto report = judge(config, about_money);
  CHECK(report.passed && !report.off_topic.value().passed);
  CHECK(report.findings.at(0).action == finding_action::flag);
}

TEST("the threshold says how near is near enough") {
  auto config = with_topics();
  config.guardrails.off_topic_threshold = 0;
  CHECK(judge(config, about_money).passed);
  config.guardrails.off_topic_threshold = 1;
  CHECK(!judge(config, about_cooking).passed);
}

TEST("answers and texts are not asked") {
  CHECK(judge(with_topics(), about_money, direction::output).passed);
  CHECK(!judge(with_topics(), about_money, direction::text).off_topic);
  CHECK(!judge(rails_config{}, about_money).off_topic);
}

TEST("a text without words is about nothing") {
  CHECK(!judge(with_topics(), "...").passed);
}

TEST("a text like its utterances is of a route") {
  const auto report = judge(with_routes(), about_votes);
  CHECK_EQ(report.semantic_class.value(), "politics");
  CHECK(!report.passed && found_by(report, "routes"));
  CHECK_EQ(report.message, "Content of a blocked class detected. Please rephrase your input.");
  const auto other = judge(with_routes(), about_cooking);
  CHECK(other.passed && other.semantic_class.value().empty());
}

TEST("classes that do not block are only reported") {
  auto config = with_routes();
  config.guardrails.block_classes = {"jailbreak"};
  const auto report = judge(config, about_votes);
  CHECK(report.passed);
  CHECK_EQ(report.semantic_class.value(), "politics");
  config.guardrails.block_classes = {"politics"};
  CHECK(!judge(config, about_votes).passed);
}

TEST("a text is of every route whose threshold it reaches, and one that blocks goes before a nearer one") {
  auto config = with_routes();
  auto& routes = config.guardrails.routes;
  routes.push_back(routes[0]);
  routes[1].name = "votes";
  routes[1].threshold = 0.1;
  routes[0].threshold = 1;
  const auto one = judge(config, about_votes);
  CHECK(!one.passed);
  CHECK_EQ(one.semantic_class.value(), "votes");
  routes[0].threshold = 0.1;
  config.guardrails.block_classes = {"votes"};
  const auto both = judge(config, about_votes);
  CHECK(!both.passed);
  CHECK_EQ(both.semantic_class.value(), "votes");
  CHECK_EQ(std::ranges::count(both.findings, "routes", &finding::check), 2);
}

TEST("a built-in class that blocks keeps its name") {
  auto config = with_routes();
  config.guardrails.routes[0].threshold = 0;
  const auto report = judge(config, "'; DROP TABLE users;--");
  CHECK_EQ(report.semantic_class.value(), "malicious_code_injection");
  CHECK(found_by(report, "routes"));
}

TEST("a route of a single utterance takes no ordinary text") {
  auto config = with_routes();
  config.guardrails.routes.front().utterances.resize(1);
  for (const std::string_view text :
       {"what time does the shop close", "my printer does not work", "translate hello into french",
        "book a table for two", "i forgot my password", "how tall is mount everest"})
    CHECK(judge(config, text).findings.empty());
  CHECK(found_by(judge(config, about_votes), "routes"));
}
