// The three stages, one message at a time.
#define CAF_SUITE stages
#include "actors/input_checker.hpp"
#include "actors/llm_client.hpp"
#include "actors/output_checker.hpp"
#include "tests/actor_fixture.hpp"

#include <memory>

using namespace guardrails;
using namespace guardrails::actors;
using namespace std::chrono_literals;

namespace {

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

  policy_ref policy;
  std::shared_ptr<transport_pool> transports = std::make_shared<transport_pool>();
  std::shared_ptr<judging_threads> judging = std::make_shared<judging_threads>();
  output_checker_actor output = spawn<output_checker>(sys, nullptr, judging);
  llm_client_actor llm = spawn<llm_client>(sys, nullptr, transports, output);
  input_checker_actor input = spawn<input_checker>(sys, nullptr, judging, llm);
};

/// Notes down what it is asked to send to the model.
class listening {
public:
  using handle = llm_client_actor;
  static constexpr const char* name = "listening-llm-client";
  listening(handle::pointer, std::vector<std::string>* to)
    : to_{to} {}
  handle::behavior_type make_behavior() {
    return {
      [this](prompt& p) -> caf::result<answer> {
        for (const auto& message : p.messages.get())
          to_->push_back(message.role + ": " + message.content);
        return answer{p.ticket, std::move(p.account)};
      },
      [](const cancel_request&) {},
      [](const http_batch&) {},
      [](const retry_due&) {},
      [](const echo_due&) {},
    };
  }

private:
  std::vector<std::string>* to_;
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
        "guardrails: {check_sensitive_data: false, block_list: {words: [moon], action: mask}}\n");
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
        "guardrails: {check_sensitive_data: false, pii: {enabled: true, mask_format: <ENTITY_TYPE_N>}}\n");
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
                                            "tool: <EMAIL_ADDRESS_1> at <IP_ADDRESS_1>",
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
