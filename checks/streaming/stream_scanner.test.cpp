// Whatever the text and however it is cut: what is released is what would be shown of the whole.
#include "checks/streaming/stream_scanner.hpp"

#include "checks/masking.hpp"
#include "checks/streaming/open_links.hpp"
#include "checks/streaming/open_secrets.hpp"
#include "tests/check_support.hpp"
#include "tests/cpu_time.hpp"
#include "tests/sanitized.hpp"
#include "tests/streamed_texts.hpp"

#include <iostream>
#include <random>

#define CAF_SUITE stream_scanner
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

using generator = std::mt19937;

/// A policy as a name to be read, what judges under it, and its stream.
struct tried_policy {
  tried_policy(std::string called, const rails_config& config)
    : name{std::move(called)}
    , whole{compile_rail(config, direction::output)}
    , stream{config, whole} {}

  std::string name;
  rail whole;
  stream_policy stream;
};

rails_config nothing() {
  rails_config config;
  auto& g = config.guardrails;
  g.check_toxicity = g.check_semantic = g.check_sensitive_data = false;
  return config;
}

rails_config with_pii(finding_action action, bool masks) {
  auto config = nothing();
  config.guardrails.pii.enabled = true;
  config.guardrails.pii.default_action = action;
  config.guardrails.pii.default_mask = masks;
  return config;
}

rails_config with_secrets() {
  auto config = nothing();
  config.guardrails.check_sensitive_data = true;
  return config;
}

rails_config with_lists() {
  auto config = nothing();
  auto& g = config.guardrails;
  g.block_list =
    block_list_config{{"top secret", "炸弹", "gefährlich"}, {"proj-[0-9]{1,4}"}, finding_action::mask};
  g.ban_list["names"] = {{"zanzibar", "red fox"}, finding_action::block};
  g.invisible_text = invisible_text_config{finding_action::mask};
  return config;
}

rails_config with_urls() {
  auto config = nothing();
  config.guardrails.urls = urls_config{{}, {"evil.example", "*.bad.example"}, {}, finding_action::mask};
  return config;
}

rails_config with_toxicity() {
  auto config = nothing();
  config.guardrails.check_toxicity = true;
  return config;
}

rails_config with_all_that_streams() {
  auto config = with_lists();
  auto& g = config.guardrails;
  g.check_toxicity = g.check_sensitive_data = true;
  g.block_sensitive_data = false;
  g.pii.enabled = true;
  g.urls = with_urls().guardrails.urls;
  return config;
}

rails_config with_exfiltration() {
  auto config = nothing();
  config.guardrails.data_exfiltration.enabled = true;
  return config;
}

rails_config with_all() {
  auto config = with_all_that_streams();
  config.guardrails.check_semantic = true;
  config.guardrails.data_exfiltration.enabled = true;
  return config;
}

std::vector<std::size_t> random_cuts(generator& random, std::size_t size, std::size_t most) {
  std::uniform_int_distribution<std::size_t> length{1, most};
  std::vector<std::size_t> cuts;
  for (auto at = length(random); at < size; at += length(random))
    cuts.push_back(at);
  cuts.push_back(size);
  return cuts;
}

/// What came out of one stream.
struct outcome {
  std::string before_end;
  std::string rest;
  judgement verdict;
  std::size_t failed_after = 0; // bytes; 0: it was not certain before the end
};

outcome streamed(const stream_policy& policy, std::string_view text, const std::vector<std::size_t>& cuts,
                 const masked_values& values = {}) {
  stream_scanner scanner{policy, values};
  outcome out;
  std::size_t begin = 0;
  for (const auto end : cuts) {
    out.before_end += scanner.feed(text.substr(begin, end - begin));
    if (scanner.fails() && out.failed_after == 0)
      out.failed_after = end;
    begin = end;
  }
  out.verdict = scanner.finish(no_time);
  out.rest = scanner.conclude(out.verdict);
  return out;
}

outcome streamed_by(const stream_policy& policy, std::string_view text, std::size_t piece,
                    const masked_values& values = {}) {
  std::vector<std::size_t> cuts;
  for (auto at = piece; at < text.size(); at += piece)
    cuts.push_back(at);
  cuts.push_back(text.size());
  return streamed(policy, text, cuts, values);
}

/// What may be shown of a text, judged at once.
struct expectation {
  bool passes = true;
  std::size_t findings = 0;
  std::string shown; ///< of a blocked text: all before the first finding that blocks
};

expectation expected_of(const rail& whole, std::string_view text, const masked_values& values = {}) {
  const auto report = whole.judge(text, no_time).report;
  if (report.passed)
    return {true, report.findings.size(), unmask_between(text, report.findings, values)};
  std::size_t end = text.size();
  for (const auto& f : report.findings)
    if (f.action == finding_action::block)
      end = std::min<std::size_t>(end, f.span.begin);
  for (const auto& s : masked_stretches(text.size(), 0, report.findings))
    if (s.begin < end && end < s.end)
      end = s.begin;
  return {false, report.findings.size(), apply_replacements(text.substr(0, end), 0, report.findings)};
}

/// Empty when it holds.
std::string objection(const expectation& expected, const outcome& out) {
  if (!out.verdict.report.errors.empty())
    return "leaked";
  if (out.verdict.report.passed != expected.passes || out.verdict.report.findings.size() != expected.findings)
    return "another verdict";
  if (expected.passes && out.failed_after > 0)
    return "given up";
  if (expected.passes)
    return out.before_end + out.rest == expected.shown ? "" : "other bytes";
  return out.rest.empty() && expected.shown.starts_with(out.before_end) ? "" : "bytes of a finding";
}

struct tally {
  std::size_t streams = 0;
  std::size_t faults = 0;
  std::size_t blocked = 0;
  std::size_t early = 0;    // that released something before the end
  std::size_t given_up = 0; // that were certain to be blocked before the end
};

void try_text(const tried_policy& policy, const std::string& text, generator& random, std::size_t chunkings,
              tally& all) {
  const auto expected = expected_of(policy.whole, text);
  for (std::size_t i = 0; i < chunkings; ++i) {
    constexpr std::array<std::size_t, 5> lengths{1, 3, 9, 60, 400};
    const auto out =
      streamed(policy.stream, text, random_cuts(random, text.size(), lengths[i % lengths.size()]));
    const auto fault = objection(expected, out);
    ++all.streams;
    all.blocked += expected.passes ? 0 : 1;
    all.early += out.before_end.empty() ? 0 : 1;
    all.given_up += out.failed_after > 0 ? 1 : 0;
    if (i == 0 && out.failed_after > 0) // what came until then is judged in place of the whole
      all.faults +=
        expected_of(policy.whole, std::string_view{text}.substr(0, out.failed_after)).passes ? 1 : 0;
    if (!fault.empty() && all.faults++ < 3)
      std::cerr << policy.name << ": " << fault << " after " << out.before_end.size() << " bytes of\n"
                << text.substr(0, 6'000) << "\n----\n";
  }
}

void try_policy(const tried_policy& policy) {
  generator random{20};
  const auto texts = test::streamed_texts(random, 400);
  CHECK(texts.size() >= 500u);
  constexpr std::size_t every = test::is_sanitized ? 11 : 1; // kinds of texts take turns by 3, 4, 7 and 35
  tally all;
  for (std::size_t i = 0; i < texts.size(); i += every)
    try_text(policy, texts[i], random, 20, all);
  std::cout << policy.name << ": " << texts.size() / every << " texts, " << all.streams << " streams, "
            << all.blocked << " blocked, " << all.early << " released before the end, " << all.given_up
            << " given up before it, " << all.faults << " faults\n";
  CHECK_EQ(all.faults, 0u);
  CHECK_EQ(all.early == 0, policy.stream.holds_all());
}

} // namespace

// What is released is what would be shown of the whole, under a policy of:

TEST("personal data that is masked") {
  try_policy({"pii mask", with_pii(finding_action::flag, true)});
}

TEST("personal data that blocks") {
  try_policy({"pii block", with_pii(finding_action::block, false)});
}

TEST("secrets") {
  try_policy({"secrets", with_secrets()});
}

TEST("lists and invisible text") {
  try_policy({"lists", with_lists()});
}

TEST("links") {
  try_policy({"urls", with_urls()});
}

TEST("toxicity") {
  try_policy({"toxicity", with_toxicity()});
}

TEST("all checks that stream") {
  try_policy({"all that streams", with_all_that_streams()});
}

TEST("data exfiltration") {
  try_policy({"data exfiltration", with_exfiltration()});
}

TEST("all checks") {
  try_policy({"all", with_all()});
}

TEST("a mask and what blocks are held back at every place of a text") {
  const tried_policy masks{"pii mask", with_pii(finding_action::flag, true)};
  const tried_policy blocks{"secrets", with_secrets()};
  const std::string filler = "the plain words of an answer go on and on. ";
  generator random{21};
  tally all;
  for (std::size_t before = 0; before < 2'400; before += 61) {
    std::string text;
    while (text.size() < before)
      text += filler;
    text.resize(before, ' ');
    text += " mail maria.keller@example.com or ask at 10.20.30.40 today. ";
    while (text.size() < 3'000)
      text += filler;
    try_text(masks, text, random, 4, all);
    try_text(blocks, text, random, 4, all);
  }
  CHECK_EQ(all.faults, 0u);
  CHECK(all.early > all.streams / 2);
}

TEST("originals come back within the stream") {
  const tried_policy policy{"lists", with_lists()};
  masked_values values;
  values.add("PERSON1", "Maria Keller");
  std::string text;
  while (text.size() < 3'000)
    text += "dear <PERSON_1>, here is < person 1 > and a top secret with proj-12 for you. ";
  const auto expected = expected_of(policy.whole, text, values);
  CHECK(expected.shown.find("Maria Keller") != std::string::npos);
  for (const std::size_t piece : {1, 2, 7, 50, 333}) {
    const auto out = streamed_by(policy.stream, text, piece, values);
    CHECK_EQ(objection(expected, out), "");
    CHECK(!out.before_end.empty());
  }
}

TEST("checks that need the whole answer hold it, or trail") {
  auto config = with_lists();
  config.guardrails.check_sql_syntax = true;
  std::vector<std::string> names;
  for (const auto& c : whole_answer_checks(config))
    names.push_back(c.name);
  CHECK(names == std::vector<std::string>{"sql_syntax"});
  std::string words;
  while (words.size() < 4'000)
    words += "some plain words ";
  const auto sql = words + "\n```sql\nSELECT FROM WHERE;\n```\n";
  const tried_policy held{"held", config};
  CHECK(streamed_by(held.stream, sql, 5).before_end.empty());
  config.guardrails.streaming = stream_mode::trailing;
  const tried_policy trailing{"trailing", config};
  const auto out = streamed_by(trailing.stream, sql, 5);
  CHECK(out.before_end.size() > 3'000u);
  CHECK(!out.verdict.report.passed);
  CHECK(!out.verdict.check_error);
  config.guardrails.block_list->patterns = {"a.*b"};
  const tried_policy unbounded{"unbounded", config};
  CHECK(unbounded.stream.holds_all());
  CHECK(whole_answer_checks(nothing()).empty());
}

TEST("the default policy names what holds it back") {
  const auto waiting = whole_answer_checks(rails_config{});
  CHECK_EQ(waiting.size(), 1u);
  CHECK_EQ(waiting.front().name, "semantic_class");
}

TEST("an answer without checks is released as it comes, but for characters on their way") {
  const tried_policy policy{"none", nothing()};
  std::string text;
  while (text.size() < 2'000)
    text += "größer als 你好 ";
  const auto out = streamed_by(policy.stream, text, 1);
  CHECK(out.before_end.size() > 1'700u);
  CHECK_EQ(out.before_end + out.rest, text);
}

TEST("what is not UTF-8 ends the release") {
  const tried_policy policy{"lists", with_lists()};
  std::string text;
  while (text.size() < 2'000)
    text += "plain words ";
  const auto out = streamed_by(policy.stream, text + "\xff" + text, 3);
  CHECK(out.verdict.check_error);
  CHECK(out.rest.empty());
  CHECK(out.before_end.size() <= text.size());
}

TEST("an answer that is too long fails") {
  const tried_policy policy{"none", nothing()};
  const std::string text(stream_scanner::most_bytes + 1, 'a');
  const auto out = streamed_by(policy.stream, text, 1 << 20);
  CHECK(out.verdict.check_error);
  CHECK(!out.verdict.report.passed);
}

TEST("places from which a secret may be open") {
  using streaming::first_open_secret;
  const auto open_at = [](std::string_view text) {
    const auto at = first_open_secret(text);
    return at == text.size() ? std::string_view{"closed"} : text.substr(at, 8);
  };
  CHECK_EQ(open_at("plain words, don't you think"), "closed");
  CHECK_EQ(open_at("x -----BEGIN RSA PRIVATE KEY-----\nMII"), "-----BEG");
  CHECK_EQ(open_at("a: b\ndata:\n  k: dmFsdWU="), "data:\n  ");
  CHECK_EQ(open_at("data:\n  k: dmFsdWU=\n---\nkind: other"), "closed");
  CHECK_EQ(open_at("password = \"some words"), "\"some wo");
  CHECK_EQ(open_at("password = \"some words\" and"), "closed");
}

TEST("places from which a link may be open") {
  const auto is_open = [](std::string_view text) { return streaming::first_open_link(text) < text.size(); };
  CHECK(is_open("<a href=\"//host/ and"));
  CHECK(is_open("<a href= "));
  CHECK(is_open("javascript:  ale"));
  CHECK(!is_open("<a href=\"//host/\"> and"));
  CHECK(!is_open("x = 5, and so on"));
  CHECK(!is_open("javascript: the language"));
}

TEST("a longer answer takes no more time a byte") {
  const tried_policy policy{"lists", with_lists()};
  const auto cost = [&](std::size_t size) {
    std::string text;
    while (text.size() < size)
      text += "some plain words of an answer, ";
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
      const auto begin = test::thread_cpu_seconds();
      const auto out = streamed_by(policy.stream, text, 512);
      const auto spent = test::thread_cpu_seconds() - begin;
      CHECK_EQ(out.before_end.size() + out.rest.size(), text.size());
      least = std::min(least, spent / static_cast<double>(text.size()));
    }
    return least;
  };
  const auto shorter = cost(64 << 10);
  const auto longer = cost(128 << 10);
  CHECK(longer < 3 * shorter);
}
