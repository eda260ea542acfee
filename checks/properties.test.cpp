// What holds for every text: places lie on character boundaries, benign surroundings change nothing, noise is
// harmless.
#include "checks/utf8.hpp"

#include "tests/check_support.hpp"
#include <guardrails/utf8.hpp>

#include <random>
#include <thread>

#define CAF_SUITE properties
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

rails_config everything() {
  auto config = sensitive_only();
  config.guardrails.block_list =
    block_list_config{{"cat", "top secret", "炸弹", "ñandú"}, {"d.g+", "[^x]y"}, finding_action::mask};
  config.guardrails.ban_list["names"] = {{"dog", "top"}, finding_action::mask};
  config.guardrails.invisible_text = invisible_text_config{finding_action::mask};
  config.guardrails.urls = urls_config{{"good.com"}, {"bc.de"}, {}, finding_action::mask};
  return config;
}

// Pieces that are findings, halves of findings and neighbours of all kinds.
const std::vector<std::string> pieces{"a@bc.de",
                                      "10.0.0.1",
                                      "536-90-4399",
                                      "+1 415 555 2671",
                                      "4111111111111111",
                                      "fe80::1",
                                      "cat",
                                      "炸弹",
                                      "top",
                                      "secret",
                                      "é",
                                      "😀",
                                      "@",
                                      ".",
                                      "-",
                                      " ",
                                      "\n",
                                      "1",
                                      "DE89",
                                      "3704",
                                      "phone",
                                      "ssn",
                                      "dog",
                                      ":",
                                      "(",
                                      ")",
                                      "+",
                                      "\xC2\xA0",
                                      "ñandú",
                                      "\u200B",
                                      "\u200D",
                                      "https://",
                                      "bc.de",
                                      "//",
                                      std::string(1, '\0')};

std::string random_text(std::mt19937& random, int most) {
  std::string text;
  for (auto n = std::uniform_int_distribution{0, most}(random); n > 0; --n)
    text += pieces[std::uniform_int_distribution<std::size_t>{0, pieces.size() - 1}(random)];
  return text;
}

bool is_boundary(std::string_view text, std::uint64_t pos) {
  return pos <= text.size() && (pos == text.size() || !is_continuation(text[pos]));
}

bool spans_fit(const check_report& report, std::string_view text) {
  return std::ranges::all_of(report.findings, [&](const finding& f) {
    return f.span.begin < f.span.end && is_boundary(text, f.span.begin) && is_boundary(text, f.span.end);
  });
}

} // namespace

TEST("spans lie on character boundaries within the text") {
  const auto r = compile_rail(everything(), direction::text);
  std::mt19937 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const auto text = random_text(random, 30);
    const auto report = r.judge(text, no_time).report;
    CHECK(report.errors.empty());
    CHECK(spans_fit(report, text));
  }
}

TEST("benign text around changes no finding") {
  const auto r = compile_rail(everything(), direction::text);
  const std::string before = "Some harmless words come first, five at least here.\n\n\n";
  const std::string after = "\n\n\nAnd some more words follow.";
  std::mt19937 random{2};
  for (int i = 0; i < 10'000; ++i) {
    const auto text = random_text(random, 20);
    const auto alone = r.judge(text, no_time).report;
    const auto surrounded = r.judge(before + text + after, no_time).report;
    REQUIRE(alone.findings.size() == surrounded.findings.size());
    for (std::size_t k = 0; k < alone.findings.size(); ++k) {
      CHECK_EQ(alone.findings[k].span.begin + before.size(), surrounded.findings[k].span.begin);
      CHECK_EQ(alone.findings[k].span.end + before.size(), surrounded.findings[k].span.end);
      CHECK_EQ(alone.findings[k].label, surrounded.findings[k].label);
    }
  }
}

TEST("masked spans leave nothing of themselves behind") {
  const auto r = compile_rail(everything(), direction::text);
  std::mt19937 random{3};
  for (int i = 0; i < 5'000; ++i) {
    const auto text = random_text(random, 20);
    const auto findings = r.judge(text, no_time).report.findings;
    const auto masked = apply_replacements(text, 0, findings);
    std::vector<bool> covered(text.size(), false);
    for (const auto& f : findings)
      for (auto at = f.span.begin; f.replacement && at < f.span.end; ++at)
        covered[at] = true;
    std::string kept;
    for (std::size_t at = 0; at < text.size(); ++at)
      if (!covered[at])
        kept.push_back(text[at]);
    auto left = masked;
    for (auto at = left.find("[REDACTED]"); at != std::string::npos; at = left.find("[REDACTED]"))
      left.erase(at, 10);
    CHECK_EQ(left, kept);
  }
}

TEST("random bytes fail closed or are judged, and never crash") {
  const auto r = compile_rail(everything(), direction::text);
  std::mt19937 random{4};
  for (int i = 0; i < 20'000; ++i) {
    std::string text(std::uniform_int_distribution<std::size_t>{0, 60}(random), ' ');
    for (auto& c : text)
      c = static_cast<char>(std::uniform_int_distribution{0, i % 2 ? 255 : 127}(random));
    const auto verdict = r.judge(text, no_time);
    CHECK_EQ(find_invalid_utf8(text) != std::string_view::npos, !verdict.report.errors.empty());
    CHECK(spans_fit(verdict.report, text));
  }
}

TEST("one rail serves several threads with the same findings") {
  const auto r = compile_rail(everything(), direction::text);
  std::mt19937 random{5};
  std::vector<std::string> texts;
  std::vector<std::string> expected;
  for (int i = 0; i < 500; ++i) {
    texts.push_back(random_text(random, 30));
    expected.push_back(shown(r.judge(texts.back(), no_time).report, texts.back()));
  }
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (auto& count : wrong)
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < texts.size(); ++i)
        count += shown(r.judge(texts[i], no_time).report, texts[i]) != expected[i];
    });
  for (auto& t : threads)
    t.join();
  CHECK(wrong == std::vector<int>(4, 0));
}
