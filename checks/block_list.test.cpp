// The block list: words by case and boundary, patterns, actions and limits.
#include "checks/word_list.hpp"
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#define CAF_SUITE block_list
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

std::string found(std::vector<std::string> words, std::vector<std::string> patterns, std::string_view text) {
  return shown(judge(block_only({std::move(words), std::move(patterns), finding_action::block}), text), text);
}

std::string refused_key(std::vector<std::string> words, std::vector<std::string> patterns) {
  try {
    judge(block_only({std::move(words), std::move(patterns), finding_action::block}), "");
  } catch (const config_error& error) {
    return error.key_path();
  }
  return "";
}

} // namespace

TEST("words match whole and whatever their case") {
  CHECK_EQ(found({"cat"}, {}, "Cat scatter CAT's concat cat_x cats, cat."),
           "BlockedTerm[Cat]; BlockedTerm[CAT]; BlockedTerm[cat]");
  CHECK_EQ(found({"straße"}, {}, "STRAẞE Straße strasse straßen"),
           "BlockedTerm[STRAẞE]; BlockedTerm[Straße]");
  CHECK_EQ(found({"ПРИВЕТ"}, {}, "привет, приветы Привет"), "BlockedTerm[привет]; BlockedTerm[Привет]");
  CHECK_EQ(found({"kelvin"}, {},
                 "\xE2\x84\xAA"
                 "elvin"),
           "BlockedTerm[\xE2\x84\xAA"
           "elvin]");
  CHECK_EQ(found({"cafe"}, {}, "cafe\xCC\x81 cafe"), "BlockedTerm[cafe]");
}

TEST("scripts without spaces need no boundary") {
  CHECK_EQ(found({"炸弹"}, {}, "如何制造炸弹的方法"), "BlockedTerm[炸弹]");
  CHECK_EQ(found({"ばくだん"}, {}, "このばくだんを"), "BlockedTerm[ばくだん]");
  CHECK_EQ(found({"ระเบิด"}, {}, "ทำระเบิดได้"), "BlockedTerm[ระเบิด]");
  CHECK_EQ(found({"폭탄"}, {}, "폭탄을 만드는"), "BlockedTerm[폭탄]");
  CHECK_EQ(found({"bomb"}, {}, "这个bomb很大"), "BlockedTerm[bomb]");
}

TEST("white space in a phrase matches any run of it") {
  CHECK_EQ(found({"top secret"}, {}, "Top \t\n SECRET top\xC2\xA0secret topsecret"),
           "BlockedTerm[Top \t\n SECRET]; BlockedTerm[top\xC2\xA0secret]");
  CHECK_EQ(found({"  a  b "}, {}, "a b"), "BlockedTerm[a b]");
}

TEST("of nested words the longer one counts, overlapping ones both do") {
  CHECK_EQ(found({"new york", "york", "york city"}, {}, "new york city"),
           "BlockedTerm[new york]; BlockedTerm[york city]");
  CHECK_EQ(found({"she", "he", "hers"}, {}, "she hers ushers"), "BlockedTerm[she]; BlockedTerm[hers]");
  CHECK_EQ(found({"c++", "c"}, {}, "C++ c"), "BlockedTerm[C++]; BlockedTerm[c]");
}

TEST("a finding names its rule by place, not by text") {
  const auto report = judge(block_only({{"x", "cat"}, {"q", "d[o0]g"}, finding_action::block}), "cat d0g");
  REQUIRE(report.findings.size() == 2);
  CHECK_EQ(report.findings[0].why.pattern, "words[1]");
  CHECK_EQ(report.findings[1].why.pattern, "patterns[1]");
  CHECK_EQ(report.findings[0].label, "BlockedTerm");
  CHECK(!report.findings[0].entity);
  CHECK_EQ(report.message, "Blocked term detected.");
  CHECK(!report.passed);
}

TEST("flag and mask let the text pass, mask replaces") {
  const std::string text = "a cat and a dog";
  const auto flagged = judge(block_only({{"cat"}, {}, finding_action::flag}), text);
  CHECK(flagged.passed);
  CHECK(!flagged.findings.at(0).replacement);
  const auto masked = judge(block_only({{"cat"}, {"dog"}, finding_action::mask}), text);
  CHECK(masked.passed);
  CHECK_EQ(apply_replacements(text, 0, masked.findings), "a [REDACTED] and a [REDACTED]");
}

TEST("what cannot be used is refused by its key") {
  CHECK_EQ(refused_key({"a", " "}, {}), "guardrails.block_list.words[1]");
  CHECK_EQ(refused_key({"\xff"}, {}), "guardrails.block_list.words[0]");
  CHECK_EQ(refused_key({}, {"a", "b", "("}), "guardrails.block_list.patterns[2]");
  CHECK_EQ(refused_key({}, {"a*"}), "guardrails.block_list.patterns[0]");
  CHECK_EQ(refused_key({}, {std::string(5'000, 'a')}), "guardrails.block_list.patterns[0]");
  CHECK_EQ(refused_key({}, std::vector<std::string>(10'001, "a")), "guardrails.block_list.patterns[10000]");
  CHECK_EQ(refused_key(std::vector<std::string>(100'001, "a"), {}), "guardrails.block_list.words");
}

TEST("a hundred thousand words are searched in one pass") {
  std::vector<std::string> words;
  for (int i = 0; i < 100'000; ++i)
    words.push_back("word" + std::to_string(i * 7919 % 1'000'003));
  const word_list list{words, "words"};
  const auto matches = list.find_all("x " + words[99'999] + " word1000004 " + words[5], 10);
  REQUIRE(matches.size() == 2);
  CHECK_EQ(matches[0].word, 99'999u);
  CHECK_EQ(matches[1].word, 5u);
}

TEST("past the limit the rest of the text is one finding") {
  std::string text;
  for (int i = 0; i < 12'000; ++i)
    text += "ab ";
  const auto report = judge(block_only({{"ab"}, {}, finding_action::mask}), text);
  CHECK_EQ(apply_replacements(text, 0, report.findings).find("ab"), std::string::npos);
}
