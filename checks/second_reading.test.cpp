// Two readings of one text become one report.
#include "checks/second_reading.hpp"

#define CAF_SUITE second_reading
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

finding found(std::uint64_t begin, std::uint64_t end, finding_action action = finding_action::flag) {
  finding f;
  f.span = {begin, end};
  f.action = action;
  return f;
}

check_report with(std::vector<finding> findings) {
  check_report report;
  report.findings = std::move(findings);
  return report;
}

std::string spans(const check_report& report) {
  std::string text;
  for (const auto& f : report.findings)
    text += std::to_string(f.span.begin) + '-' + std::to_string(f.span.end) + ' ';
  return text;
}

} // namespace

TEST("a finding within one that acts no less is left out") {
  auto report = with({found(8, 12), found(0, 10)});
  add_second_reading(report, 0, with({found(2, 9), found(9, 12), found(10, 13), found(20, 21)}));
  CHECK_EQ(spans(report), "8-12 0-10 10-13 20-21 ");
  auto weaker = with({found(0, 10)});
  add_second_reading(weaker, 0, with({found(2, 9, finding_action::mask)}));
  CHECK_EQ(spans(weaker), "0-10 2-9 ");
}

TEST("what does not mask hides nothing that does") {
  auto masked = found(2, 9);
  masked.replacement = "*";
  auto report = with({found(0, 10)});
  add_second_reading(report, 0, with({masked}));
  CHECK_EQ(spans(report), "0-10 2-9 ");
  auto weak = found(0, 10);
  weak.threshold = 1;
  auto flagged = with({weak});
  add_second_reading(flagged, 0, with({found(2, 9)}));
  CHECK_EQ(spans(flagged), "0-10 2-9 ");
}

TEST("findings of other checks hide nothing") {
  auto report = with({found(0, 10), found(20, 30)});
  add_second_reading(report, 1, with({found(2, 9), found(22, 23)}));
  CHECK_EQ(spans(report), "0-10 20-30 2-9 ");
}

TEST("labels are united and the failing verdict stays") {
  const auto labelled = [](std::vector<std::string> labels) {
    check_report report;
    report.sensitive_data = sensitive_data_report{std::move(labels)};
    return report;
  };
  const auto united = [&](std::vector<std::string> first, std::vector<std::string> second) {
    auto report = labelled(std::move(first));
    add_second_reading(report, 0, labelled(std::move(second)));
    return report.sensitive_data->predicted_labels;
  };
  using labels = std::vector<std::string>;
  CHECK(united({no_sensitive_data}, {"Email"}) == labels{"Email"});
  CHECK(united({"Email"}, {no_sensitive_data}) == labels{"Email"});
  CHECK(united({"Email"}, {"SSN", "Email"}) == (labels{"Email", "SSN"}));
  CHECK(united({no_sensitive_data}, {no_sensitive_data}) == labels{no_sensitive_data});

  const auto of_class = [](const char* name, double toxic) {
    check_report report;
    report.semantic_class = name;
    report.toxicity = toxicity_report{toxic >= 0.5 ? "toxic" : "non-toxic", toxic >= 0.5 ? toxic : 1 - toxic};
    return report;
  };
  for (const auto& [first, second, decides, stays] : {std::tuple{"", "harmful", true, "harmful"},
                                                      {"harmful", "", false, "harmful"},
                                                      {"harmful", "jailbreak", false, "harmful"},
                                                      {"harmful", "jailbreak", true, "jailbreak"}}) {
    auto report = of_class(first, 0.2);
    add_second_reading(report, 0, of_class(second, 0.9), decides);
    CHECK_EQ(report.semantic_class.value(), stays);
    CHECK_EQ(report.toxicity.value().label, "toxic");
    add_second_reading(report, 0, of_class(second, 0.4));
    CHECK_EQ(report.toxicity.value().confidence, 0.9);
  }

  const auto judged = [](bool passes) {
    check_report report;
    report.exfiltration = verdict_report{passes, passes ? "good" : "bad"};
    return report;
  };
  for (const auto& [first, second, stays] :
       {std::tuple{true, false, "bad"}, {false, true, "bad"}, {true, true, "good"}}) {
    auto report = judged(first);
    add_second_reading(report, 0, judged(second));
    CHECK_EQ(report.exfiltration->message, stays);
  }
}
