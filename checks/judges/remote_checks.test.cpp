// What a rail makes of verdicts that come from elsewhere.
#include <guardrails/rails_config.hpp>

#define CAF_SUITE remote_checks
#include "tests/caf_test.hpp"

#include "checks/judges/remote_check.hpp"
#include "checks/rail.hpp"

#include <stdexcept>

using namespace guardrails;
using namespace guardrails::checks;

namespace {

std::uint64_t no_time() noexcept {
  return 0;
}

constexpr std::string_view toxicity_elsewhere =
  "guardrails:\n"
  "  toxicity: {engine: openai_moderation, api_key: k, model: m}\n"
  "  check_semantic: false\n";

rail compiled(std::string_view yaml, direction facing = direction::input) {
  return compile_rail(rails_config::from_content(yaml), facing);
}

judge_answer flagged(double score, bool settled = true) {
  return {0, judge_subject::toxicity, judge_verdict{true, "toxic", "hate", score, settled}, {}, 17};
}

judge_answer clean() {
  return {0, judge_subject::toxicity, judge_verdict{false, {}, {}, 0.1, false}, {}, 17};
}

judge_answer failed() {
  return {
    0, judge_subject::toxicity, std::nullopt, {"judge_timeout", "The judge did not answer in time."}, 17};
}

judgement settled(const rail& r, std::string_view text, std::vector<judge_answer> answers) {
  auto verdict = r.judge(text, &no_time);
  r.settle(verdict, answers);
  return verdict;
}

} // namespace

TEST("a rail without remote checks has no open questions") {
  CHECK(!compiled("{}").judge("hello", &no_time).open.has_value());
  CHECK(!compiled("guardrails: {toxicity: embedded}").judge("hello", &no_time).open.has_value());
}

TEST("until the judge has spoken a text has failed") {
  const auto verdict = compiled(toxicity_elsewhere).judge("hello", &no_time);
  REQUIRE(verdict.open.has_value());
  CHECK(!verdict.report.passed);
  CHECK(verdict.check_error);
  CHECK(verdict.open->may_pass());
  CHECK_EQ(verdict.open->text, "hello");
}

TEST("a verdict becomes the check's part of the report") {
  const auto r = compiled(toxicity_elsewhere);
  const auto bad = settled(r, "hello", {flagged(0.4)});
  CHECK(!bad.report.passed);
  CHECK(!bad.check_error);
  CHECK_EQ(bad.report.message, "Toxic content detected. Please rephrase your input.");
  CHECK_EQ(bad.report.toxicity.value().label, "toxic");
  REQUIRE(bad.report.findings.size() == 1u);
  CHECK_EQ(bad.report.findings[0].why.pattern, "openai_moderation hate");
  CHECK_EQ(bad.report.findings[0].model_version.value(), "m");
  CHECK_EQ(bad.report.findings[0].span.end, 5u);
  CHECK_EQ(bad.report.latency_us.at("toxicity"), 17.0);
  const auto good = settled(r, "hello", {clean()});
  CHECK(good.report.passed);
  CHECK_EQ(good.report.message, "All checks passed");
  CHECK_EQ(good.report.toxicity.value().label, "non-toxic");
}

TEST("toxicity_threshold applies to scores that no threshold of the judge's own has settled") {
  const auto r = compiled(toxicity_elsewhere);
  CHECK(settled(r, "hello", {flagged(0.7, false)}).report.passed);
  CHECK(!settled(r, "hello", {flagged(0.71, false)}).report.passed);
}

TEST("block_toxic: false reports only") {
  const auto yaml = std::string{toxicity_elsewhere} + "  block_toxic: false\n";
  const auto verdict = settled(compiled(yaml), "hello", {flagged(0.9)});
  CHECK(verdict.report.passed);
  CHECK_EQ(verdict.report.findings.size(), 1u);
}

TEST("a failure of the judge fails the text closed, unless on_error allows it, and is in the report") {
  for (const auto& answers : {std::vector{failed()}, std::vector<judge_answer>{}}) {
    const auto closed = settled(compiled(toxicity_elsewhere), "hello", answers);
    CHECK(!closed.report.passed);
    CHECK(closed.check_error);
    CHECK_EQ(closed.report.message, "A safety check could not be completed. Please rephrase your input.");
    REQUIRE(closed.report.errors.size() == 1u);
    CHECK_EQ(closed.report.errors[0].check, "toxicity");
    CHECK_EQ(closed.report.errors[0].kind, answers.empty() ? "judge_lost" : "judge_timeout");
    CHECK(!closed.report.toxicity.has_value());
    const auto yaml = std::string{toxicity_elsewhere} + "  on_error: {toxicity: allow}\n";
    const auto open = settled(compiled(yaml), "hello", answers);
    CHECK(open.report.passed);
    CHECK_EQ(open.report.errors.size(), 1u);
  }
}

TEST("the first failing check in the order of the checks says the message, whoever was slower") {
  const auto r = compiled(std::string{toxicity_elsewhere} + "  block_list: {words: [zebra]}\n");
  CHECK(settled(r, "a zebra", {flagged(0.9)}).report.message.starts_with("Toxic content"));
  CHECK(settled(r, "a zebra", {clean()}).report.message.starts_with("Blocked term"));
  CHECK(settled(r, "a zebra", {failed()}).report.message.starts_with("Blocked term"));
  const auto pii =
    compiled(std::string{toxicity_elsewhere} + "  pii: {enabled: true, default_action: block}\n");
  CHECK(settled(pii, "mail a@example.com", {flagged(0.9)}).report.message.starts_with("PII policy"));
}

TEST("a judge never sees personal data that is masked") {
  const auto r =
    compiled(std::string{toxicity_elsewhere} + "  pii: {enabled: true}\n  check_sensitive_data: false\n");
  const auto verdict = r.judge("mail a@example.com now", &no_time);
  CHECK_EQ(verdict.open.value().text, "mail <EMAIL_ADDRESS> now");
  CHECK_EQ(verdict.open.value().judged_bytes, 22u);
}

TEST("nothing is sent to a judge when masking failed, whatever else is allowed") {
  struct broken_mask final : check {
    std::string_view name() const noexcept override { return "pii"; }
    std::string_view message_key() const noexcept override { return "pii"; }
    bool masks_first() const noexcept override { return true; }
    bool judge(std::string_view, check_report&) const override { throw std::runtime_error{"broken"}; }
  };
  auto config = rails_config::from_content(std::string{toxicity_elsewhere} + "  on_error: {pii: allow}\n");
  std::vector<std::unique_ptr<const check>> checks;
  checks.push_back(std::make_unique<const broken_mask>());
  checks.push_back(compile_remote_toxicity(config.guardrails));
  const rail r{std::move(checks), direction::input, config};
  const auto verdict = r.judge("mail a@example.com", &no_time);
  CHECK(!verdict.open.has_value());
  CHECK(verdict.check_error);
  CHECK_EQ(verdict.report.errors.size(), 2u);
}

TEST("text that is not UTF-8 is nobody's to judge") {
  const auto verdict = compiled(toxicity_elsewhere).judge("a\xff", &no_time);
  CHECK(!verdict.open.has_value());
  CHECK(verdict.check_error);
}

TEST("the content class comes from a judge where one is named, and block_classes narrows what blocks") {
  const auto yaml =
    std::string{"guardrails:\n"
                "  check_toxicity: false\n"
                "  content_class: {engine: openai_compatible, base_url: http://j/v1, model: m}\n"};
  const judge_answer jailbreak{
    0, judge_subject::content_class, judge_verdict{true, "jailbreak", {}, 0.8, false}, {}, 0};
  const auto bad = settled(compiled(yaml), "hello", {jailbreak});
  CHECK_EQ(bad.report.semantic_class.value(), "jailbreak");
  CHECK(bad.report.message.starts_with("Jailbreak attempt detected."));
  const auto narrowed = settled(compiled(yaml + "  block_classes: [harmful]\n"), "hello", {jailbreak});
  CHECK(narrowed.report.passed);
  CHECK_EQ(narrowed.report.findings.size(), 1u);
  const judge_answer unsure{
    0, judge_subject::content_class, judge_verdict{true, "jailbreak", {}, 0.2, false}, {}, 0};
  const auto counted = settled(compiled(yaml), "hello", {unsure}).report;
  CHECK(!counted.passed && counted.findings.at(0).score >= counted.findings.at(0).threshold);
}
