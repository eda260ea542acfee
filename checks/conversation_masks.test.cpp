// Masks that agree over the messages of a conversation, and what is found again in answers.
#include "checks/conversation_masks.hpp"
#include "checks/unmasking.hpp"
#include "tests/check_support.hpp"

#include <random>

#define CAF_SUITE conversation_masks
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

rails_config with_format(const std::string& format, bool reversible) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.pii.enabled = true;
  config.guardrails.pii.mask_format = format;
  config.guardrails.pii.reversible = reversible;
  return config;
}

/// Texts go in as messages do.
class conversation_under_test {
public:
  explicit conversation_under_test(const rails_config& config)
    : conversation_under_test{config, compile_rail(config, direction::input)} {}
  conversation_under_test(const rails_config& config, rail compiled)
    : rail_{std::move(compiled)}
    , masks{config.guardrails.pii} {}

  std::string user(std::string_view text) { return masks.mask(text, 0, findings = rail_.find_masks(text)); }

  std::string answer(std::string_view text) {
    auto known = masks.find_known(text);
    return masks.mask(text, 0, known);
  }

private:
  rail rail_;

public:
  conversation_masks masks;
  std::vector<finding> findings;
};

} // namespace

TEST("numbers count over all messages, reversible or not") {
  for (const bool reversible : {false, true}) {
    conversation_under_test c{with_format("<ENTITY_TYPE_N>", reversible)};
    CHECK_EQ(c.user("I am a@bc.de"), "I am <EMAIL_ADDRESS_1>");
    CHECK_EQ(c.user("b@bc.de, a@bc.de at 10.0.0.1"),
             "<EMAIL_ADDRESS_2>, <EMAIL_ADDRESS_1> at <IP_ADDRESS_1>");
    CHECK_EQ(c.findings[0].replacement.value(), "<EMAIL_ADDRESS_2>");
    CHECK_EQ(c.masks.reversible(), reversible);
    CHECK_EQ(std::move(c.masks).release().size(), reversible ? 3u : 0u);
  }
}

TEST("other formats mask as they do in a single text") {
  conversation_under_test plain{with_format("<ENTITY_TYPE>", false)};
  CHECK_EQ(plain.user("a@bc.de b@bc.de"), "<EMAIL_ADDRESS> <EMAIL_ADDRESS>");
  conversation_under_test starred{with_format("*", false)};
  CHECK_EQ(starred.user("a@bc.de"), "*******");
  conversation_under_test framed{with_format("[<ENTITY_TYPE_N>]", false)};
  CHECK_EQ(framed.user("a@bc.de"), "[<EMAIL_ADDRESS_1>]");
  CHECK_EQ(framed.user("b@bc.de"), "[<EMAIL_ADDRESS_2>]");
}

TEST("the default format is numbered where it is reversible, and comes back") {
  conversation_under_test c{with_format("<ENTITY_TYPE>", true)};
  CHECK_EQ(c.user("a@bc.de"), "<EMAIL_ADDRESS_1>");
  CHECK_EQ(unmask("to < email address 1 >", std::move(c.masks).release()), "to a@bc.de");
}

TEST("an answer's values are found again without what made them recognisable") {
  conversation_under_test c{with_format("<ENTITY_TYPE>", true)};
  CHECK_EQ(c.user("my account number is 12345678"), "my account number is <US_BANK_NUMBER_1>");
  CHECK_EQ(c.user("12345678"), "12345678"); // by itself it is a number like any other
  CHECK_EQ(c.answer("Noted: 12345678, not 123456789."), "Noted: <US_BANK_NUMBER_1>, not 123456789.");
  conversation_under_test other{with_format("<ENTITY_TYPE>", true)};
  CHECK_EQ(other.answer("Noted: 12345678."), "Noted: 12345678.");
  conversation_under_test for_good{with_format("<ENTITY_TYPE_N>", false)};
  for_good.user("my account number is 12345678");
  CHECK_EQ(for_good.answer("Noted: 12345678."), "Noted: 12345678.");
}

TEST("however many values there are, every one is found in later answers") {
  known_values known;
  std::vector<found_value> values;
  for (std::size_t i = 0; i < 300; ++i) {
    values.push_back({"A", "value" + std::to_string(i) + "x"});
    const auto& some = values[(i * 7) % values.size()];
    const auto found = known.find("so " + some.value + ", " + some.value, values);
    REQUIRE(found.size() == 2u);
    CHECK_EQ(found[0].span.begin, 3u);
    CHECK_EQ(found[0].replacement.value(), "<A>");
  }
  CHECK(known.find("value300x VALUE1X", values).empty());
}

TEST("a flood of known values is masked to its end") {
  conversation_under_test c{with_format("<ENTITY_TYPE>", true)};
  c.user("my account number is 12345678");
  std::string flood;
  for (std::size_t i = 0; i < word_list::most_matches + 10; ++i)
    flood += "12345678 ";
  const auto sent = c.answer(flood);
  CHECK(sent.find("12345678") == std::string::npos);
  CHECK(unmask(sent, std::move(c.masks).release()) == flood);
}

TEST("a value is found where another one that is not meant stands over it") {
  known_values known;
  const std::vector<found_value> values{
    {"A", "John Smith"},   {"A", "John Smith Jr"}, {"A", "Dr. John Smith"},
    {"A", "John Smith 1"}, {"A", "Bob"},           {"A", "Bob A"}};
  for (const std::string_view text : {"John Smith jr", "dr. John Smith", "John Smith 12", "John\nSmith"})
    CHECK_EQ(known.find(text, values).size(), 1u);
  for (const std::string_view text : {"_Bob_", "Bob Apple", "Bob a"})
    CHECK_EQ(known.find(text, values).size(), 1u);
  CHECK(known.find("Bobby bob", values).empty());
}

TEST("what no list of words takes is left out") {
  known_values known;
  const std::vector<found_value> values{
    {"A", " "}, {"A", "\u200B"}, {"A", std::string(word_list::max_word_bytes + 1, 'x')}, {"A", "Bob"}};
  CHECK_EQ(known.find("I am Bob, \u200B x", values).size(), 1u);
}

TEST("what came back is masked again, even where a model wrote its placeholder into a word") {
  conversation_under_test c{with_format("<ENTITY_TYPE>", true)};
  c.user("mail anna.lee@example.org, card 4111 1111 1111 1111, my name is Ann");
  CHECK_EQ(c.answer("tel4111 1111 1111 1111_x card_4111 1111 1111 1111 xanna.lee@example.orgx"),
           "tel<CREDIT_CARD_1>_x card_<CREDIT_CARD_1> x<EMAIL_ADDRESS_1>x");
  CHECK_EQ(c.answer("Annabelle"), "Annabelle");
}

TEST("values that differ only in case are told apart") {
  conversation_under_test c{with_format("<ENTITY_TYPE>", true)};
  CHECK_EQ(c.user("Compare MRN: ab123456 with MRN: AB123456 please"),
           "Compare MRN: <PHI_MRN_1> with MRN: <PHI_MRN_2> please");
  CHECK_EQ(c.answer("The records ab123456 and AB123456 differ, Ab123456 is none."),
           "The records <PHI_MRN_1> and <PHI_MRN_2> differ, Ab123456 is none.");
}

TEST("a conversation that goes on keeps the numbers of its beginning") {
  std::mt19937 random{11};
  const std::vector<std::string> words{"a@bc.de",           "b@bc.de",   "10.0.0.1",
                                       "<EMAIL_ADDRESS_1>", "<ip 2>",    "my account number is 12345678",
                                       "12345678",          "and so on", "4111 1111 1111 1111"};
  const auto config = with_format("<ENTITY_TYPE>", true);
  const auto compiled = compile_rail(config, direction::input);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::string> messages;
    std::vector<std::string> before;
    for (int turn = 0; turn < 4; ++turn) {
      messages.push_back(words[random() % words.size()] + " " + words[random() % words.size()]);
      conversation_under_test c{config, compiled};
      std::vector<std::string> sent;
      for (std::size_t m = 0; m < messages.size(); ++m)
        sent.push_back(m % 2 == 0 ? c.user(messages[m]) : c.answer(messages[m]));
      const auto values = std::move(c.masks).release();
      for (std::size_t m = 0; m < messages.size(); ++m) {
        CHECK(m >= before.size() || sent[m] == before[m]);
        CHECK_EQ(unmask(sent[m], values), messages[m]);
      }
      before = sent;
    }
  }
}
