// The three stages, one message at a time.
#define CAF_SUITE stages
#include "actors/input_checker.hpp"
#include "actors/llm_client.hpp"
#include "actors/output_checker.hpp"
#include "tests/actor_fixture.hpp"

#include <guardrails/json.hpp>

#include <memory>

using namespace guardrails;
using namespace guardrails::actors;
using namespace std::chrono_literals;

namespace {

/// Notes down what it is asked to send to the model.
class listening {
public:
  using handle = llm_client_actor;
  static constexpr const char* name = "listening-llm-client";
  listening(handle::pointer, std::vector<std::string>* to, masked_values* masked = nullptr)
    : to_{to}
    , masked_{masked} {}
  handle::behavior_type make_behavior() {
    return {
      [this](prompt& p) -> caf::result<answer> {
        for (const auto& message : p.messages.get())
          to_->push_back(message.role + ": " + message.content + message.extra);
        if (masked_ != nullptr)
          *masked_ = std::move(p.masked);
        return answer{p.ticket, std::move(p.account)};
      },
      [](const call_allowed&) {},
      [](const distant_answer&) {},
      [](const cancel_request&) {},
      [](const http_batch&) {},
      [](const retry_due&) {},
      [](const echo_due&) {},
      [](const draft_used&) {},
      [](const draft_refused&) {},
    };
  }

private:
  std::vector<std::string>* to_;
  masked_values* masked_;
};

struct stages : test::actor_fixture {
  explicit stages() { use("llm: {engine: echo}\n"); }

  ~stages() {
    end(input);
    end(llm);
    end(output);
  }

  void use(std::string_view yaml) { policy = compile(rails_config::from_content(yaml)); }

  admitted_request saying(std::vector<chat_message> messages) {
    return {7, policy, conversation{std::move(messages)},
            request_life{std::chrono::steady_clock::now() + 30s}};
  }

  admitted_request saying(std::string text) { return saying({chat_message{"user", std::move(text)}}); }

  /// What the model would be sent, and what that masks.
  std::vector<std::string> sent_for(std::vector<chat_message> messages) {
    std::vector<std::string> sent;
    auto ear = spawn<listening>(sys, &sent, &masked);
    auto checker = spawn<input_checker>(sys, nullptr, judging, ear);
    last = ask<answer>(checker, saying(std::move(messages))).value().result;
    end(checker);
    end(ear);
    return sent;
  }

  /// A draft that says `text` for a request with one masked value, through the output checker.
  generation answered(std::string text) {
    draft said{7, policy, request_life{std::chrono::steady_clock::now() + 30s}, {}, {}};
    said.account.llm_response = std::move(text);
    said.masked.add("EMAILADDRESS1", "a@example.com");
    return ask<answer>(output, std::move(said)).value().result;
  }

  /// A draft without text.
  draft saying_beside() {
    draft said{7, policy, request_life{std::chrono::steady_clock::now() + 30s}, {}, {}};
    said.account.llm_response.emplace();
    said.masked.add("EMAILADDRESS1", "a@example.com");
    return said;
  }

  generation last;
  masked_values masked;
  policy_ref policy;
  std::shared_ptr<transport_pool> transports = std::make_shared<transport_pool>();
  std::shared_ptr<judging_threads> judging = std::make_shared<judging_threads>();
  output_checker_actor output = spawn<output_checker>(sys, nullptr, judging);
  llm_client_actor llm = spawn<llm_client>(sys, nullptr, transports, output);
  input_checker_actor input = spawn<input_checker>(sys, nullptr, judging, llm);
};

} // namespace

WITH_FIXTURE(stages) {

  TEST("a harmless prompt passes all stages and comes back with both reports") {
    const auto reply = ask<answer>(input, saying("What is AI?"));
    REQUIRE(reply.has_value());
    const auto& account = reply->result;
    CHECK_EQ(reply->ticket, 7u);
    CHECK(!account.blocked);
    CHECK_EQ(account.user_input, "What is AI?");
    CHECK_EQ(account.llm_response.value(), "What is AI?");
    CHECK_EQ(account.final_response, "What is AI?");
    CHECK(account.input_check.has_value());
    CHECK(account.output_check.has_value());
    CHECK(!account.block_reason.has_value());
    CHECK(!account.error.has_value());
    CHECK_EQ(account.model, "echo");
    CHECK(account.usage.estimated);
    CHECK(account.usage.total_tokens > 0);
  }

  TEST("a card number is blocked before the model is asked") {
    end(llm);
    const auto reply = ask<answer>(input, saying("My card is 4111 1111 1111 1111."));
    REQUIRE(reply.has_value());
    CHECK(reply->result.blocked);
    CHECK(reply->result.block_reason == block_reason::input);
    CHECK_EQ(reply->result.final_response, "Sensitive data detected. Please rephrase your input.");
    CHECK(!reply->result.llm_response.has_value());
    CHECK(!reply->result.output_check.has_value());
    REQUIRE(reply->result.input_check.has_value());
    CHECK_EQ(reply->result.input_check->findings.size(), 1u);
  }

  TEST("a request that meets a dead stage fails instead of hanging") {
    end(llm);
    const auto reply = ask<answer>(input, saying("hello"));
    CHECK(!reply.has_value());
    CHECK(!problem.empty());
  }

  TEST("a model's answer is judged, kept in the details and replaced in the response") {
    use("llm: {engine: echo}\nguardrails: {input_checks: false}\n");
    const auto reply = ask<answer>(input, saying("Write to john.doe@example.com."));
    REQUIRE(reply.has_value());
    CHECK(reply->result.blocked);
    CHECK(reply->result.block_reason == block_reason::output);
    CHECK_EQ(reply->result.llm_response.value(), "Write to john.doe@example.com.");
    CHECK_EQ(reply->result.final_response, "Sensitive data detected. LLM response has been blocked.");
    CHECK(!reply->result.input_check.has_value());
  }

  TEST("rails that are off leave no report") {
    use("llm: {engine: echo}\nguardrails: {input_checks: false, output_checks: false}\n");
    const auto reply = ask<answer>(input, saying("Write to john.doe@example.com."));
    REQUIRE(reply.has_value());
    CHECK(!reply->result.blocked);
    CHECK(!reply->result.input_check.has_value());
    CHECK(!reply->result.output_check.has_value());
  }

  TEST("without an llm section the input is validated and nothing is asked") {
    use("guardrails: {check_sensitive_data: true}\n");
    const auto reply = ask<answer>(input, saying("hello"));
    REQUIRE(reply.has_value());
    CHECK(!reply->result.blocked);
    CHECK_EQ(reply->result.final_response, "Input validation passed. No LLM configured.");
    CHECK(!reply->result.llm_response.has_value());
  }

  TEST("a conversation without a user message is refused") {
    for (auto& messages :
         {std::vector<chat_message>{}, {{"system", "Be nice."}}, {{"assistant", "Hello."}}}) {
      const auto reply = ask<answer>(input, saying(messages));
      REQUIRE(reply.has_value());
      CHECK(reply->result.block_reason == block_reason::no_user_input);
      CHECK_EQ(reply->result.final_response, "No user message provided.");
    }
  }

  TEST("an unknown role and invalid UTF-8 are typed errors that name the place") {
    const auto role = ask<answer>(input, saying({{"user", "hi"}, {"usr", "secret words"}}));
    REQUIRE(role.has_value());
    CHECK(role->result.block_reason == block_reason::check_error);
    REQUIRE(role->result.error.has_value());
    CHECK_EQ(role->result.error->kind, "invalid_request");
    CHECK(role->result.error->message.find("messages[1].role") == 0);
    CHECK(role->result.error->message.find("secret") == std::string::npos);
    const auto text = ask<answer>(input, saying({{"user", "abc\xff"}}));
    REQUIRE(text.has_value());
    REQUIRE(text->result.error.has_value());
    CHECK_EQ(text->result.error->message, "messages[0].content: invalid UTF-8 at byte 3");
  }

  TEST("a text with NUL bytes passes") {
    const auto nul = ask<answer>(input, saying(std::string("a\0b", 3)));
    REQUIRE(nul.has_value());
    CHECK_EQ(nul->result.final_response, std::string("a\0b", 3));
  }

  TEST("masking applies to every user and tool message that is sent, whatever is judged") {
    use("llm: {engine: echo, model: m}\n"
        "guardrails: {check_toxicity: false, check_semantic: false, check_sensitive_data: false, block_list: "
        "{words: [moon], action: mask}}\n");
    std::vector<std::string> sent;
    auto ear = spawn<listening>(sys, &sent);
    auto checker = spawn<input_checker>(sys, nullptr, judging, ear);
    const auto reply = ask<answer>(checker, saying({{"system", "moon 1"},
                                                    {"user", "moon 2"},
                                                    {"assistant", "moon 3"},
                                                    {"tool", "moon 4, the moon"},
                                                    {"user", "moon 5"},
                                                    {"assistant", "moon 6"},
                                                    {"tool", "moon 7"}}));
    REQUIRE(reply.has_value());
    CHECK_EQ(reply->result.user_input, "moon 5");
    const std::vector<std::string> expected{
      "system: moon 1",     "user: [REDACTED] 2", "assistant: moon 3", "tool: [REDACTED] 4, the [REDACTED]",
      "user: [REDACTED] 5", "assistant: moon 6",  "tool: [REDACTED] 7"};
    CHECK(sent == expected);
    end(checker);
    end(ear);
  }

  TEST("personal data is masked in all that is sent, and its verdict stands in the generation") {
    use("llm: {engine: echo, model: m}\n"
        "guardrails: {check_toxicity: false, check_semantic: false, check_sensitive_data: false, pii: "
        "{enabled: true, mask_format: <ENTITY_TYPE_N>}}\n");
    std::vector<std::string> sent;
    auto ear = spawn<listening>(sys, &sent);
    auto checker = spawn<input_checker>(sys, nullptr, judging, ear);
    const auto reply = ask<answer>(checker, saying({{"user", "I am a@example.com"},
                                                    {"tool", "b@example.com at 10.0.0.1"},
                                                    {"user", "card 4111 1111 1111 1111"}}));
    REQUIRE(reply.has_value());
    REQUIRE(reply->result.pii_input_check.has_value());
    CHECK(reply->result.pii_input_check->passed);
    CHECK(!reply->result.pii_output_check.has_value());
    const std::vector<std::string> expected{"user: I am <EMAIL_ADDRESS_1>",
                                            "tool: <EMAIL_ADDRESS_2> at <IP_ADDRESS_1>",
                                            "user: card <CREDIT_CARD_1>"};
    CHECK(sent == expected);
    end(checker);
    end(ear);
    use("llm: {engine: echo, model: m}\nguardrails: {pii: {enabled: true, default_action: block}}\n");
    const auto blocked = ask<answer>(input, saying({{"user", "I am a@example.com"}}));
    REQUIRE(blocked.has_value());
    CHECK(blocked->result.block_reason == block_reason::input);
    CHECK_EQ(blocked->result.final_response, "PII policy violation detected. Please rephrase your input.");
    REQUIRE(blocked->result.pii_input_check.has_value());
    CHECK(!blocked->result.pii_input_check->passed);
  }

  TEST("the last user message is judged by default, all of them when configured") {
    const std::vector<chat_message> messages{
      {"user", "my mail is a@example.com"}, {"assistant", "ok"}, {"user", "bye"}};
    auto reply = ask<answer>(input, saying(messages));
    REQUIRE(reply.has_value());
    CHECK(!reply->result.blocked);
    CHECK_EQ(reply->result.user_input, "bye");
    use("llm: {engine: echo}\nguardrails: {input_scope: all_user}\n");
    reply = ask<answer>(input, saying(messages));
    REQUIRE(reply.has_value());
    CHECK(reply->result.blocked);
    CHECK_EQ(reply->result.user_input, "my mail is a@example.com\nbye");
  }

  TEST("masked terms reach neither the model nor the answer") {
    use("llm: {engine: echo}\nguardrails:\n  input_scope: all_user\n"
        "  block_list: {words: [nightfall, dawn], action: mask}\n");
    const auto reply = ask<answer>(input, saying({{"user", "about Nightfall"}, {"user", "and dawn, too"}}));
    REQUIRE(reply.has_value());
    CHECK(!reply->result.blocked);
    CHECK_EQ(reply->result.user_input, "about Nightfall\nand dawn, too");
    CHECK_EQ(reply->result.llm_response.value(), "and [REDACTED], too");
  }

  TEST("reversible masks are numbered over all messages, earlier answers included") {
    use("llm: {engine: echo}\nguardrails: {check_toxicity: false, check_semantic: false, "
        "check_sensitive_data: false, pii: {enabled: true, reversible: "
        "true}}\n");
    const std::vector<std::string> expected{
      "system: Be brief.", "user: I am <EMAIL_ADDRESS_1>, my account number is <US_BANK_NUMBER_1>",
      "assistant: Hi <EMAIL_ADDRESS_1>, account <US_BANK_NUMBER_1>; ask <EMAIL_ADDRESS_2>.",
      "tool: <EMAIL_ADDRESS_3> at <IP_ADDRESS_1>", "user: Is <EMAIL_ADDRESS_1> mine, and <QUOTED_TEXT_1>?"};
    const std::vector<chat_message> messages{
      {"system", "Be brief."},
      {"user", "I am a@example.com, my account number is 12345678"},
      {"assistant", "Hi a@example.com, account 12345678; ask b@example.com."},
      {"tool", "c@example.com at 10.0.0.1"},
      {"user", "Is a@example.com mine, and <email address 1>?"}};
    CHECK(sent_for(messages) == expected);
    CHECK_EQ(masked.size(), 6u);
    CHECK_EQ(*masked.find("EMAILADDRESS2"), "b@example.com");
    CHECK_EQ(last.input_check->findings.at(0).replacement.value(), "<EMAIL_ADDRESS_1>");
    // The turn before began with the same numbers.
    const auto before = sent_for({messages.begin(), messages.begin() + 2});
    CHECK(before == std::vector<std::string>(expected.begin(), expected.begin() + 2));
    use("llm: {engine: echo}\nguardrails: {input_scope: all_user, check_toxicity: false, check_semantic: "
        "false, check_sensitive_data: false, "
        "pii: {enabled: true, reversible: true}}\n");
    CHECK(sent_for(messages) == expected);
  }

  TEST("parts of text and calls of tools are masked where they stand") {
    use("llm: {engine: echo, model: m}\nguardrails: {check_semantic: false, check_sensitive_data: false, "
        "pii: {enabled: true, reversible: true}}\n");
    const std::string picture = R"({"type":"image_url","image_url":{"url":"data:,"}})";
    const auto part = [](const std::string& text) { return R"({"type":"text","text":")" + text + R"("})"; };
    const auto sent = sent_for(
      {{"user", "I am a@example.com"},
       {"assistant", "",
        R"({"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"to\":\"a\\u0040example.com\"}"}}]})"},
       {"tool", "sent to a@example.com", R"({"tool_call_id":"c1"})"},
       {"user", "see\nb@example.com",
        R"({"content":[)" + part("see") + "," + picture + "," + part("b@example.com") + "]}"}});
    REQUIRE(sent.size() == 4);
    CHECK_EQ(sent[0], "user: I am <EMAIL_ADDRESS_1>");
    CHECK_EQ(
      sent[1],
      R"(assistant: {"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"to\":\"<EMAIL_ADDRESS_1>\"}"}}]})");
    CHECK_EQ(sent[2], R"(tool: sent to <EMAIL_ADDRESS_1>{"tool_call_id":"c1"})");
    CHECK_EQ(sent[3], R"(user: see
<EMAIL_ADDRESS_2>{"content":[)" +
                        part("see") + "," + picture + "," + part("<EMAIL_ADDRESS_2>") + "]}");
  }

  TEST("extra members and options that are none are typed errors") {
    const auto said = [this](admitted_request request) {
      const auto reply = ask<answer>(input, std::move(request)).value().result;
      return reply.error ? reply.error->message : std::string{};
    };
    CHECK_EQ(said(saying({{"user", "hi", R"({"content":[{"type":"text","text":"other"}]})"}})),
             "messages[0].extra: content: says something else than the message's content");
    auto request = saying("hi");
    request.options = "[1]";
    CHECK_EQ(said(request), "options: expected a JSON object that is not nested too deeply");
    request.options = R"({"n":1000})";
    CHECK_EQ(said(request), "options.n: expected 1 to 128");
    request.options = R"({"n":2})";
    CHECK_EQ(said(request), "");
  }

  TEST("what other checks mask is gone for good") {
    use("llm: {engine: echo}\nguardrails: {check_toxicity: false, check_semantic: false, "
        "check_sensitive_data: false, block_list: {words: [moon], action: "
        "mask}, "
        "pii: {enabled: true, reversible: true}}\n");
    CHECK(sent_for({{"user", "moon, a@example.com"}}) ==
          std::vector<std::string>{"user: [REDACTED], <EMAIL_ADDRESS_1>"});
    const auto reply = ask<answer>(input, saying("moon, a@example.com"));
    REQUIRE(reply.has_value());
    CHECK_EQ(reply->result.llm_response.value(), "[REDACTED], <EMAIL_ADDRESS_1>");
    CHECK_EQ(reply->result.final_response, "[REDACTED], a@example.com");
  }

  TEST("originals come back in what is shown, and nowhere else") {
    use("llm: {engine: echo}\nguardrails: {pii: {enabled: true, reversible: true}}\n");
    auto reply = ask<answer>(input, saying("I am a@example.com"));
    REQUIRE(reply.has_value());
    CHECK_EQ(reply->result.final_response, "I am a@example.com");
    CHECK_EQ(reply->result.llm_response.value(), "I am <EMAIL_ADDRESS_1>");
    CHECK(reply->result.output_check->findings.empty());
    CHECK_EQ(answered("to < Email-Address 1 >").final_response, "to a@example.com");
    CHECK_EQ(answered("to <EMAIL_ADDRESS_2>").final_response, "to <EMAIL_ADDRESS_2>");
    use("llm: {engine: echo}\nguardrails: {output_checks: false, pii: {enabled: true, reversible: true}}\n");
    CHECK_EQ(answered("to <email_address_1>").final_response, "to a@example.com");
  }

  TEST("calls of tools are masked and unmasked as text is, and stay JSON") {
    use("llm: {engine: echo}\nguardrails: {check_semantic: false, check_sensitive_data: false, pii: "
        "{enabled: true, "
        "reversible: true}, block_list: {words: [moonbase], action: mask}}\n");
    auto said = saying_beside();
    said.account.tool_calls = {
      {"c1", "function", "send", R"({"to":"<EMAIL_ADDRESS_1>","about":"the moon\u0062ase, \"now\""})"},
      {"c2", "custom", "run", "ping moonbase"},
      {"c3", "function", "look", R"({"at": 1.50})"}};
    said.account.further_choices = {{"Off to the moonbase, <EMAIL_ADDRESS_1>.", {}, "stop"}};
    const auto result = ask<answer>(output, std::move(said)).value().result;
    CHECK(!result.blocked);
    REQUIRE(result.tool_calls.size() == 3);
    CHECK_EQ(result.tool_calls[0].arguments, R"({"to":"a@example.com","about":"the [REDACTED], \"now\""})");
    CHECK_EQ(result.tool_calls[1].arguments, "ping [REDACTED]");
    CHECK_EQ(result.tool_calls[2].arguments, R"({"at": 1.50})");
    REQUIRE(result.further_choices.size() == 1);
    CHECK_EQ(result.further_choices[0].text, "Off to the [REDACTED], a@example.com.");
    REQUIRE(result.output_check->findings.size() == 3);
    CHECK_EQ(result.output_check->findings[0].message.value_or(9), 0u);
    CHECK_EQ(result.output_check->findings[2].message.value_or(9), 3u);
  }

  TEST("calls whose names say something get others") {
    use("llm: {engine: echo}\nguardrails: {block_list: {words: [moonbase]}}\n");
    auto said = saying_beside();
    said.account.tool_calls = {{"call_1", "function", "look", "{}"},
                               {"mail anna@example.com", "function", "look", "{}"},
                               {"moonbase", "function", "look", "{}"},
                               {"", "function", "look", "{}"}};
    const auto result = ask<answer>(output, std::move(said)).value().result;
    CHECK(!result.blocked);
    REQUIRE(result.tool_calls.size() == 4);
    CHECK_EQ(result.tool_calls[0].id, "call_1");
    for (std::size_t i = 1; i < 4; ++i) {
      CHECK(result.tool_calls[i].id.starts_with("call_"));
      CHECK(result.tool_calls[i].id.ends_with("_" + std::to_string(i)));
    }
  }

  TEST("what is blocked beside the text blocks the answer") {
    use("llm: {engine: echo}\nguardrails: {check_semantic: false, output_json: {}}\n");
    const std::string card = "4111 1111 1111 1111";
    for (const auto& call :
         {tool_call{"c", "function", "pay", R"({"card":"4111 1111 1111\u0020\u0031111"})"},
          tool_call{"c", "function", "pay", R"({"card":4111111111111111})"},
          tool_call{"c", "function", "pay", R"({"card":4.111111111111111e15})"},
          tool_call{"c", "custom", "pay", card}, tool_call{"c", "function", "pay with " + card, "{}"}}) {
      auto said = saying_beside();
      said.account.tool_calls = {call};
      const auto result = ask<answer>(output, std::move(said)).value().result;
      CHECK(result.blocked);
      CHECK(result.block_reason == block_reason::output);
      CHECK(result.tool_calls.empty());
      CHECK_EQ(result.final_response, "Sensitive data detected. LLM response has been blocked.");
      CHECK(result.output_check->sensitive_data->predicted_labels.front() != no_sensitive_data);
    }
    auto harmless = saying_beside();
    harmless.account.tool_calls = {{"c", "function", "look", R"({"at":"the garden"})"}};
    const auto result = ask<answer>(output, std::move(harmless)).value().result;
    CHECK(!result.blocked); // no document is asked for where tools are called
    auto choices = saying_beside();
    choices.account.llm_response = "{}";
    choices.account.further_choices = {{"{}", {}, "stop"}, {"{\"card\":\"" + card + "\"}", {}, "stop"}};
    const auto blocked = ask<answer>(output, std::move(choices)).value().result;
    CHECK(blocked.blocked);
    CHECK(blocked.further_choices.empty());
  }

  TEST("arguments that are no JSON pass when nothing is found in them, and cannot be masked") {
    use("llm: {engine: echo}\nguardrails: {check_semantic: false, check_sensitive_data: false, "
        "block_list: {words: [moonbase], action: mask}}\n");
    for (const auto& [arguments, blocked] :
         {std::pair{R"({"at": "the gard)", false}, std::pair{R"({"at": "the moon\u0062ase)", true}}) {
      auto said = saying_beside();
      said.account.tool_calls = {{"c", "function", "look", arguments}};
      const auto result = ask<answer>(output, std::move(said)).value().result;
      CHECK_EQ(result.blocked, blocked);
    }
  }

  TEST("an answer that is blocked or masked shows no more than it says") {
    use("llm: {engine: echo}\nguardrails: {check_toxicity: false, check_semantic: false, "
        "check_sensitive_data: false, block_list: {words: [moon]}, "
        "pii: {enabled: true, reversible: true}}\n");
    const auto blocked = answered("moon <EMAIL_ADDRESS_1>");
    CHECK(blocked.block_reason == block_reason::output);
    CHECK_EQ(blocked.final_response, "Blocked term detected. LLM response has been blocked.");
    CHECK_EQ(blocked.llm_response.value(), "moon <EMAIL_ADDRESS_1>");
    const auto masked_again = answered("<EMAIL_ADDRESS_1>, not b@example.com");
    CHECK_EQ(masked_again.final_response, "a@example.com, not <EMAIL_ADDRESS>");
    CHECK_EQ(masked_again.output_check->findings.at(0).replacement.value(), "<EMAIL_ADDRESS>");
  }

  TEST("a request that ends early takes nothing along") {
    use("llm: {engine: echo}\nguardrails: {pii: {enabled: true, reversible: true, default_action: block}}\n");
    std::vector<std::string> none;
    CHECK(sent_for({{"user", "I am a@example.com"}}) == none);
    CHECK_EQ(last.input_check->findings.at(0).replacement.value(), "<EMAIL_ADDRESS>");
    CHECK(masked.empty());
  }

  TEST("masked values travel to other nodes and are printed nowhere") {
    prompt sent;
    sent.ticket = 7;
    sent.masked.add("EMAILADDRESS1", "a@example.com");
    sent.masked.add("PERSON1", "Anna");
    const auto received = over_the_wire(sent);
    REQUIRE(received.has_value());
    CHECK_EQ(received->ticket, 7u);
    CHECK_EQ(*received->masked.find("EMAILADDRESS1"), "a@example.com");
    CHECK_EQ(received->masked.size(), 2u);
    draft said;
    said.masked = sent.masked;
    CHECK_EQ(over_the_wire(said).value().masked.size(), 2u);
    for (const auto& text : {caf::deep_to_string(sent), caf::deep_to_string(said),
                             caf::to_string(caf::make_message(sent)), caf::deep_to_string(sent.masked)}) {
      CHECK(text.find("2 masked values") != std::string::npos);
      CHECK(text.find("a@example.com") == std::string::npos);
      CHECK(text.find("Anna") == std::string::npos);
    }
    CHECK(to_json(sent.masked) == "2 masked values");
  }

  TEST("a request that ended or is late costs nothing more") {
    auto request = saying("hello");
    request.life.end();
    auto reply = ask<answer>(input, request);
    REQUIRE(reply.has_value());
    CHECK(!reply->result.input_check.has_value());
    CHECK(!reply->result.llm_response.has_value());
    request.life = request_life{std::chrono::steady_clock::now() - 1s};
    reply = ask<answer>(input, request);
    REQUIRE(reply.has_value());
    CHECK(!reply->result.input_check.has_value());
  }

  TEST("a prompt without a policy is a typed error") {
    auto request = saying("hi");
    request.policy = {};
    const auto reply = ask<answer>(input, request);
    REQUIRE(reply.has_value());
    CHECK(reply->result.block_reason == block_reason::check_error);
    REQUIRE(reply->result.error.has_value());
    CHECK_EQ(reply->result.error->kind, "internal");
  }

} // WITH_FIXTURE
