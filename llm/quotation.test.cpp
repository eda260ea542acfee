// What error texts quote: never the key, never the conversation.
#define CAF_SUITE quotation
#include "llm/quotation.hpp" // first: older CAF test headers define `allow` as a macro

#include "tests/caf_test.hpp"

#include <vector>

using namespace guardrails;
using namespace guardrails::llm;

namespace {

constexpr std::string_view withheld = "(not shown: it repeats the conversation)";

llm_config config() {
  llm_config c;
  c.api_key = secret{"sk-test-0123456789"};
  return c;
}

std::string quoted(std::string_view text, std::vector<chat_message> sent = {}) {
  const auto c = config();
  return quotation{c, sent}.of(text);
}

} // namespace

TEST("a text that has nothing to do with the request is quoted") {
  CHECK_EQ(quoted("model not found"), "model not found");
  CHECK_EQ(quoted("model not found", {{"user", "What is AI?"}}), "model not found");
  CHECK_EQ(quoted("this history is thin", {{"user", "hi"}}), "this history is thin");
  CHECK_EQ(quoted(""), "");
}

TEST("the key shows as three stars, whole and in pieces") {
  CHECK_EQ(quoted("key sk-test-0123456789 is wrong"), "key *** is wrong");
  CHECK_EQ(quoted("key sk-test-01… is wrong"), "key ***… is wrong");
  CHECK_EQ(quoted("ends in 456789"), "ends in ***");
  CHECK_EQ(quoted("test-0123 and 0123456"), "*** and ***");
  CHECK_EQ(quoted("sk-te"), "sk-te");
}

TEST("a short key is hidden whole") {
  llm_config c;
  c.api_key = secret{"abc"};
  CHECK_EQ(quotation(c, {}).of("the key abc, not ab"), "the key ***, not ab");
  c.api_key = secret{};
  CHECK_EQ(quotation(c, {}).of("no key"), "no key");
}

TEST("a text that repeats a part of a message is withheld, however it is written") {
  const std::vector<chat_message> sent{{"system", "Be nice."},
                                       {"user", "My card is 4111 1111 1111 1111,\nkeep it \"safe\"."}};
  for (const auto* text : {"cannot process: My card is 4111 1111", "MY-CARD-IS-4111-1111",
                           R"(invalid content "is 4111 1111 1111 1111,\nkeep")", "card_is_4111_1111 refused"})
    CHECK_EQ(quoted(text, sent), withheld);
  CHECK_EQ(quoted("card is 4111", sent), "card is 4111"); // ten letters and digits
  CHECK_EQ(quoted("please be nice", sent), withheld);
}

TEST("escapes do not hide a repetition") {
  const std::vector<chat_message> sent{{"user", "top secret\nplan b\nfor mia\nand tom"},
                                       {"user", "мой номер паспорта"},
                                       {"user", "Patient John Smith 😀😀😀"},
                                       {"user", "magic" + std::string(100, ' ')}};
  for (const auto* text :
       {R"(at: top secret\nplan b\nfor mia)", R"(at: top secret\\nplan b\\nfor mia)",
        R"(\u043c\u043e\u0439 \u043d\u043e\u043c\u0435\u0440)", R"(P\u0061tient J\u006fhn Sm)",
        R"(\ud83d\ude00\uD83D\uDE00\ud83d\ude00)", R"(\U0001F600\U0001F600\U0001F600)",
        R"(\xd0\xbc\xd0\xbe\xd0\xb9 \xd0\xbd\xd0\xbe\xd0\xbc)", "unknown word: magic"})
    CHECK_EQ(quoted(text, sent) == withheld ? "" : text, "");
  for (const auto* text : {R"(a \)", R"(\u12)", R"(\uZZZZ)", R"(\U00110000)", R"(\q)", R"(\ud83d\u0041)"})
    CHECK_EQ(quoted(text, sent), text);
}

TEST("nothing that steers a terminal is quoted") {
  CHECK_EQ(quoted("a\u009b31m\u202eb\x1b[1m\nc\xff"), "a?31m?b?[1m c?");
}

TEST("numbers are recognised by six digits, however they are grouped") {
  const std::vector<chat_message> sent{{"user", "My SSN is 123-45-6789, file the form"}};
  CHECK_EQ(quoted("invalid token near 123-45-6789", sent), withheld);
  CHECK_EQ(quoted("near 12 34 56", sent), withheld);
  CHECK_EQ(quoted("limit 12345, used 6", {{"user", "costs 12345 or 7"}}), "limit 12345, used 6");
  CHECK_EQ(quoted("no 123 here", {{"user", "123"}}), withheld);
}

TEST("a short message is recognised whole") {
  CHECK_EQ(quoted("unknown word: 4711 0815", {{"user", "47110815"}}), withheld);
  CHECK_EQ(quoted("unknown word: 4711", {{"user", "47110815"}}), "unknown word: 4711");
}

TEST("what is withheld does not depend on where in a long message it stands") {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += "line " + std::to_string(i) + " of the letter; ";
  CHECK_EQ(quoted("near: 'line 17171 of the letter'", {{"user", text}}), withheld);
  CHECK_EQ(quoted("near: 'line 20001'", {{"user", text}}), "near: 'line 20001'");
}
