// The language check: what is recognised, what is too short, mixtures, and mistakes in the list.
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#include <iostream>

#define CAF_SUITE languages
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

rails_config allowing(std::vector<std::string> codes, finding_action action = finding_action::block) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  languages_config languages;
  languages.allow = std::move(codes);
  languages.action = action;
  config.guardrails.languages = languages;
  return config;
}

const std::string english = "I would like to open a savings account and transfer my money to it tomorrow. ";
const std::string german =
  "Ich möchte gerne ein Konto eröffnen und morgen mein ganzes Geld dorthin überweisen. ";

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i)
    out += text;
  return out;
}

} // namespace

TEST("sentences are told apart") {
  const std::vector<std::pair<std::string, std::string>> sentences{
    {"en", english},
    {"de", german},
    {"fr", "Je voudrais ouvrir un compte d'épargne et y transférer mon argent demain matin."},
    {"es", "Quiero abrir una cuenta de ahorros y transferir mi dinero mañana por la mañana."},
    {"it", "Vorrei aprire un conto di risparmio e trasferire domani tutti i miei soldi."},
    {"pt", "Gostaria de abrir uma conta poupança e transferir o meu dinheiro amanhã de manhã."},
    {"nl", "Ik wil graag een spaarrekening openen en morgen mijn geld overmaken."},
    {"pl", "Chciałbym otworzyć konto oszczędnościowe i jutro przelać na nie pieniądze."},
    {"tr", "Yarın bir tasarruf hesabı açmak ve paramı oraya aktarmak istiyorum."},
    {"ru", "Я хотел бы открыть сберегательный счёт и завтра перевести туда деньги."},
    {"ar", "أود أن أفتح حساب توفير وأن أحول أموالي إليه صباح الغد."},
    {"he", "אני רוצה לפתוח חשבון חיסכון ולהעביר אליו את הכסף מחר."},
    {"hi", "मैं कल एक बचत खाता खोलना चाहता हूँ और अपना पैसा उसमें डालना चाहता हूँ।"},
    {"zh", "我想明天开一个储蓄账户并把我的钱转进去。"},
    {"ja", "明日、普通預金口座を開いてお金を振り込みたいです。"},
    {"ko", "내일 저축 계좌를 개설하고 돈을 이체하고 싶습니다."},
  };
  for (const auto& [code, text] : sentences) {
    const auto report = judge(allowing({code}), text);
    if (!report.passed)
      std::cerr << code << ": " << report.languages.value().message << '\n';
    CHECK(report.passed && report.findings.empty());
    CHECK(report.languages && report.languages->message.starts_with(code));
    CHECK(!judge(allowing({code == "fi" ? "sv" : "fi"}), text).passed);
  }
}

TEST("a text in another language fails with its span, share and language") {
  const auto report = judge(allowing({"en", "fr"}), german);
  CHECK(!report.passed);
  CHECK_EQ(report.message, "Language not allowed.");
  REQUIRE(report.findings.size() == 1);
  const auto& f = report.findings[0];
  CHECK_EQ(f.label, "Language");
  CHECK_EQ(f.why.pattern, "de");
  CHECK(f.score > 0.9 && f.threshold == 0.5);
  CHECK(f.span.begin == 0 && f.span.end == german.size());
  CHECK(!report.languages->passed);
}

TEST("what is too short to tell passes with a note") {
  for (const auto* text : {"", "ok", "Danke!", "1234 5678 ???", "👍👍👍"}) {
    const auto report = judge(allowing({"en"}), text);
    CHECK(report.passed && report.findings.empty());
    CHECK_EQ(report.languages.value().message, "Too short to tell.");
  }
  auto config = allowing({"en"});
  config.guardrails.languages->min_bytes = 500;
  CHECK(judge(config, german).passed);
}

TEST("what cannot be told passes with a note") {
  const auto report = judge(allowing({"en"}), "xkcd qwrt zzzq vbnm plmk wqrt kjhg fdsz");
  CHECK(report.passed);
  CHECK_EQ(report.languages.value().message, "The language cannot be told.");
}

TEST("in a mixture the share decides") {
  const auto little = repeated(english, 40) + german;
  CHECK(judge(allowing({"en"}), little).passed);
  const auto much = english + repeated(german, 200);
  const auto report = judge(allowing({"en"}), much);
  CHECK(!report.passed);
  CHECK_EQ(report.findings.size(), 1u);
  auto strict = allowing({"en"});
  strict.guardrails.languages->threshold = 0.05;
  CHECK(!judge(strict, repeated(english, 100) + repeated(german, 50)).passed);
  CHECK(judge(allowing({"en", "de"}), much).passed);
}

TEST("flag lets the text pass") {
  const auto report = judge(allowing({"en"}, finding_action::flag), german);
  CHECK(report.passed && report.findings.size() == 1);
}

TEST("regions and scripts do not matter, an unknown language is refused by its place") {
  CHECK(judge(allowing({"zh-Hant"}), "我想明天开一个储蓄账户并把我的钱转进去。").passed);
  CHECK(judge(allowing({"pt-BR"}), "Gostaria de abrir uma conta poupança amanhã de manhã.").passed);
  try {
    judge(allowing({"en", "xx"}), "");
    CHECK(false);
  } catch (const config_error& error) {
    CHECK_EQ(error.key_path(), "guardrails.languages.allow[1]");
  }
}

TEST("invalid UTF-8 fails closed") {
  const auto report = judge(allowing({"en"}), english + "\xff");
  CHECK(!report.passed);
  CHECK_EQ(report.errors.at(0).check, "languages");
}
