// Hostile texts: four times the bytes may not take much more than four times the CPU.
#include "tests/check_support.hpp"
#include "tests/cpu_time.hpp"

#include <guardrails/pii.hpp>

#include <iostream>

#define CAF_SUITE linear_time
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += unit;
  return text;
}

double median(const rail& r, const std::string& text) {
  std::vector<double> seconds;
  for (int i = 0; i < 3; ++i)
    seconds.push_back(test::cpu_seconds([&] { r.judge(text, no_time); }));
  std::ranges::sort(seconds);
  return seconds[1];
}

const std::vector<std::string> hostile_units{
  "a.",
  "1-",
  "a",
  "%41%42",
  "@",
  "1.",
  "7",
  " ",
  "a@",
  "a@b.",
  "@a.",
  "1 ",
  "12-",
  "123-45-",
  "4111 ",
  "4111-",
  "+1",
  "+1 (",
  "(",
  "1:",
  ":",
  "::",
  "ab:",
  "DE89 ",
  "DE89",
  "GB12A",
  "012 ",
  "a@b.co ",
  "10.0.0.1 ",
  "+49 30 ",
  "b a",
  "cat ",
  "aa ",
  "\xE7\x82\xB8",
  "\xF0\x9F\x98\x80",
  "\xC2\xA0",
  "phone ",
  "1\xE2\x80\x93",
  "415-555-",
  "..@..",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----\n",
  "key=",
  "password=\"",
  "token_",
  "token=1",
  "secret is ",
  "eyJ",
  "eyJ.",
  "eyJ-",
  "ZXlK",
  "ZXlK.",
  "ghp_ ",
  "sk-ant-",
  "SK AC API- ",
  "AKIAQ ",
  "a://b:c@",
  "x://",
  "kind: Secret\n",
  "kind: Secret\ndata:\n a: b\n---\n",
  " -u a:",
  "curl -u ",
  "Authorization: Basic ",
  ".abcdef.",
  "1234567:A",
  "Q~",
  "-us1",
  "_ghp_",
  "curl -u a:\\",
  "key=\"token='pass=`",
  "key=\\\"",
  "kind: Secret\nstringData:\n a: b1c2d3\n",
  "{\"a\":[",
  "a,b,c\n",
  "AB12 CDE ",
  "1/2/",
  "1-2-",
  "34 ABC 1",
  "00:1A:",
  "A1A1",
  "http://a.",
  "mrn: ",
  "1A",
  "1EG4-",
  "|",
  "http:",
  "http://a@",
  "http://a.",
  "://",
  "//",
  "www.",
  "a.b.",
  "http://[",
  "http://\xD0\xB0 ",
  "a\xE2\x80\x8B",
  "\xF3\xA0\x81\x81",
  "[",
  "{\"a\":",
  "[1,",
  "Das ist ein Test. ",
};

rails_config hostile_config() {
  rails_config config;
  config.guardrails.data_exfiltration.enabled = true;
  config.guardrails.pii.enabled = true;
  config.guardrails.pii.entity_types.assign(known_entities().begin(), known_entities().end());
  config.guardrails.pii.default_confidence_threshold = 0;
  config.guardrails.block_list =
    block_list_config{{"cat", "aa aa aa b", "a a a a", "\xE7\x82\xB8\xE7\x82\xB8\xE7\x82\xB8", "phone book"},
                      {"a.*?b|a", "(a|aa)+c|a", "[0-9]+x|1", "(?s).*z|@"},
                      finding_action::flag};
  config.guardrails.ban_list["names"] = {{"cat", "aa aa b", "phone"}, finding_action::flag};
  config.guardrails.invisible_text = invisible_text_config{finding_action::flag};
  config.guardrails.urls = urls_config{{"good.com"}, {"evil.com", "*.b"}, {}, finding_action::flag};
  config.guardrails.languages = languages_config{{"fr"}, 20, 0.5, finding_action::flag};
  config.guardrails.output_json =
    output_json_config{R"({"items":{"pattern":"(a+)+$"},"uniqueItems":true})", false, finding_action::flag};
  return config;
}

} // namespace

TEST("the time for hostile texts grows with their length, not faster") {
  const auto r = compile_rail(hostile_config(), direction::output);
  constexpr std::size_t bytes = 64 << 10;
  for (const auto& unit : hostile_units) {
    const auto small = median(r, repeated(unit, bytes));
    const auto large = median(r, repeated(unit, 4 * bytes));
    if (large >= 12 * small)
      std::cerr << "`" << unit << "`: " << small << " s, then " << large << " s\n";
    CHECK(large < 12 * small);
  }
}

TEST("ten hostile megabytes are judged, not refused") {
  const auto r = compile_rail(hostile_config(), direction::output);
  for (const std::string unit : {"1-", "a@b.co ", "10.0.0.1 ", "a"})
    CHECK(r.judge(repeated(unit, 10'000'000), no_time).report.errors.empty());
}
