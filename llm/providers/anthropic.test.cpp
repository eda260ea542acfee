// Anthropic's messages, against the shapes that its reference documents.
#define CAF_SUITE anthropic
#include "llm/providers/provider_support.hpp" // first: older CAF test headers define `allow` as a macro

#include "tests/caf_test.hpp"

namespace {

using namespace guardrails;
using namespace guardrails::test;

llm_config config() {
  llm_config c;
  c.engine = llm_engine::anthropic;
  c.model = "claude-sonnet-4-5";
  c.base_url = "https://api.anthropic.example/v1";
  c.api_key = secret{"sk-ant-0123456789"};
  return c;
}

const std::vector<chat_message> hello{{"user", "Hi"}};

std::string event(std::string_view name, std::string_view data) {
  return "event: " + std::string{name} + "\ndata: " + std::string{data} + "\n\n";
}

const std::string begin =
  event("message_start",
        R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",)"
        R"("content":[],"model":"claude-sonnet-4-5-20250929","stop_reason":null,)"
        R"("usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}})") +
  event("ping", R"({"type":"ping"})");

std::string end(std::string_view reason) {
  return event("message_delta", R"({"type":"message_delta","delta":{"stop_reason":")" + std::string{reason} +
                                  R"(","stop_sequence":null},"usage":{"output_tokens":15}})") +
         event("message_stop", R"({"type":"message_stop"})");
}

std::string text_block(std::string_view text) {
  return event("content_block_start",
               R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})") +
         event("content_block_delta",
               R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
               R"("text":")" +
                 std::string{text} + R"("}})") +
         event("content_block_stop", R"({"type":"content_block_stop","index":0})");
}

} // namespace

TEST("a call has the endpoint, the key, the version and the least body") {
  const auto call = call_of(config(), hello);
  CHECK_EQ(call.url, "https://api.anthropic.example/v1/messages");
  const std::vector<std::string> headers{"Content-Type: application/json", "x-api-key: sk-ant-0123456789",
                                         "anthropic-version: 2023-06-01"};
  CHECK(call.headers == headers);
  CHECK_EQ(call.body, R"({"model":"claude-sonnet-4-5","max_tokens":1024,"messages":)"
                      R"([{"role":"user","content":[{"type":"text","text":"Hi"}]}]})");
  CHECK(holds(call_of(config(), hello, llm::answer_form::stream).body, R"("stream":true)"));
}

TEST("instructions, calls and results have their places, and roles alternate") {
  const auto body = boost::json::parse(body_or_problem(config(), tool_talk()));
  CHECK_EQ(boost::json::serialize(body.at("system")), R"([{"type":"text","text":"Be brief."}])");
  CHECK_EQ(boost::json::serialize(body.at("messages")),
           R"([{"role":"user","content":[{"type":"text","text":"What is the weather in Bonn?"}]},)"
           R"({"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"weather",)"
           R"("input":{"city":"Bonn"}}]},)"
           R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"rain"},)"
           R"({"type":"text","text":"And tomorrow?"}]}])");
}

TEST("images come as data or by address") {
  const std::vector<chat_message> asked{
    {"user", "See",
     R"({"content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAA="}},)"
     R"({"type":"image_url","image_url":{"url":"https://x.example/a.jpg"}}]})"}};
  const auto body = body_or_problem(config(), asked);
  CHECK(holds(body, R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAA="}})"));
  CHECK(holds(body, R"({"type":"image","source":{"type":"url","url":"https://x.example/a.jpg"}})"));
  const std::vector<chat_message> spoken{
    {"user", "", R"({"content":[{"type":"input_audio","input_audio":{"data":"AAA=","format":"wav"}}]})"}};
  CHECK_EQ(body_or_problem(config(), spoken),
           "invalid_request: messages[0].content: a part that is neither text nor image has no form here");
}

TEST("what a message has no form for is refused by its place") {
  const auto refusal = [](std::string role, std::string content, std::string extra) {
    return body_or_problem(
      config(), std::vector<chat_message>{{std::move(role), std::move(content), std::move(extra)}});
  };
  CHECK_EQ(refusal("tool", "x", ""), "invalid_request: messages[0].tool_call_id: is missing");
  CHECK_EQ(refusal("assistant", "", R"({"function_call":{"name":"f"}})"),
           "invalid_request: messages[0].function_call: has no form here");
  CHECK_EQ(
    refusal("assistant", "", R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}}]})"),
    "invalid_request: messages[0].tool_calls: expected functions with arguments that are JSON objects");
  CHECK_EQ(refusal("tool", "",
                   R"({"tool_call_id":"a","content":[{"type":"image_url","image_url":{"url":"http://x"}}]})"),
           "invalid_request: messages[0].content: what a tool brought is text here");
  CHECK(holds(refusal("assistant", "", R"({"content":null,"refusal":"No."})"),
              R"([{"type":"text","text":"No."}])"));
}

TEST("options are translated, and the caller's go before the configuration's") {
  auto c = config();
  c.temperature = 0.5;
  c.top_p = 0.25;
  c.max_tokens = 7;
  c.stop = {"END"};
  const auto plain = body_or_problem(c, hello);
  CHECK(holds(plain, R"("max_tokens":7)") && holds(plain, R"("stop_sequences":["END"])"));
  CHECK(holds(plain, R"("temperature":5E-1)") && holds(plain, R"("top_p":2.5E-1)"));
  const auto body = body_or_problem(
    c, hello,
    R"({"max_completion_tokens":9,"temperature":1,"stop":"X","top_k":3,"user":"u","n":1,)"
    R"("presence_penalty":0,"logprobs":false,"parallel_tool_calls":false,"tool_choice":"required",)" +
      std::string{weather_tool} + "}");
  CHECK(holds(body, R"("max_tokens":9)") && holds(body, R"("stop_sequences":["X"])"));
  CHECK(holds(body, R"("temperature":1)") && holds(body, R"("top_k":3)"));
  CHECK(
    holds(body, R"("tools":[{"name":"weather","description":"Looks out.","input_schema":{"type":"object",)"));
  CHECK(holds(body, R"("tool_choice":{"type":"any","disable_parallel_tool_use":true})"));
  const auto choice = [&](std::string_view value) {
    const auto made = body_or_problem(
      c, hello, "{\"tool_choice\":" + std::string{value} + "," + std::string{weather_tool} + "}");
    return made.substr(made.find(R"("tool_choice")"));
  };
  CHECK_EQ(choice(R"("none")"), R"("tool_choice":{"type":"none"}})");
  CHECK_EQ(choice(R"({"type":"function","function":{"name":"weather"}})"),
           R"("tool_choice":{"type":"tool","name":"weather"}})");
}

TEST("an option without a form is refused by its name") {
  const auto refusal = [](std::string_view options) { return body_or_problem(config(), hello, options); };
  CHECK_EQ(refusal(R"({"seed":0})"), "invalid_request: options.seed: has no form with engine anthropic");
  CHECK_EQ(refusal(R"({"n":2})"), "invalid_request: options.n: has no form with engine anthropic");
  CHECK_EQ(refusal(R"({"logit_bias":{"1":5}})"),
           "invalid_request: options.logit_bias: has no form with engine anthropic");
  CHECK_EQ(refusal(R"({"response_format":{"type":"json_object"}})"),
           "invalid_request: options.response_format: has no form with engine anthropic");
  CHECK_EQ(refusal(R"({"tools":[{"type":"custom","custom":{"name":"x"}}]})"),
           "invalid_request: options.tools: expected functions with names; other tools have no form");
  CHECK_EQ(refusal(R"({"temperature":"hot"})"), "invalid_request: options.temperature: expected a number");
  CHECK_EQ(refusal(R"({"My secret\n":1})"), "invalid_request: options.?: has no form with engine anthropic");
}

TEST("a whole answer is read") {
  const auto got =
    decode(config(), R"({"id":"msg_1","type":"message","role":"assistant",)"
                     R"("model":"claude-sonnet-4-5-20250929","content":[)"
                     R"({"type":"thinking","thinking":"hm","signature":"s"},)"
                     R"({"type":"text","text":"Let me "},{"type":"text","text":"look."},)"
                     R"({"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Bonn"}}],)"
                     R"("stop_reason":"tool_use","stop_sequence":null,"usage":)"
                     R"({"input_tokens":10,"cache_creation_input_tokens":2,)"
                     R"("cache_read_input_tokens":3,"output_tokens":4}})");
  CHECK_EQ(got.error.kind, "none");
  CHECK_EQ(got.said.text, "Let me look.");
  CHECK_EQ(got.said.model, "claude-sonnet-4-5-20250929");
  CHECK_EQ(got.said.finish_reason, "tool_calls");
  CHECK_EQ(got.said.usage.prompt_tokens, 15u);
  CHECK_EQ(got.said.usage.total_tokens, 19u);
  REQUIRE(got.said.tool_calls.size() == 1);
  CHECK_EQ(got.said.tool_calls[0].id, "toolu_1");
  CHECK_EQ(got.said.tool_calls[0].type, "function");
  CHECK_EQ(got.said.tool_calls[0].arguments, R"({"city":"Bonn"})");
}

TEST("reasons to end are OpenAI's") {
  const auto reason = [](std::string_view said) {
    return decode(config(),
                  R"({"content":[{"type":"text","text":"x"}],"stop_reason":")" + std::string{said} + "\"}")
      .said.finish_reason;
  };
  CHECK_EQ(reason("end_turn"), "stop");
  CHECK_EQ(reason("stop_sequence"), "stop");
  CHECK_EQ(reason("max_tokens"), "length");
  CHECK_EQ(reason("refusal"), "content_filter");
  CHECK_EQ(reason("pause_turn"), "pause_turn");
}

TEST("errors have their status and neither key nor prompt") {
  const auto refused = decode(
    config(),
    R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key sk-ant-0123456789"}})",
    401);
  CHECK_EQ(refused.error.kind, "http_status/401");
  CHECK_EQ(refused.error.message,
           "the provider answered with status 401: invalid x-api-key ***, type authentication_error");
  const std::vector<chat_message> sent{{"user", "my grandmother's maiden name"}};
  const auto echoed =
    decode(config(), R"({"error":{"message":"bad: my grandmother's maiden name"}})", 400, sent);
  CHECK(!holds(echoed.error.message, "grandmother"));
  CHECK_EQ(
    decode(config(), R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", 529)
      .error.kind,
    "http_status/529");
  CHECK_EQ(error_kind(config(), R"({"content":[],"stop_reason":"refusal"})"), "content_filter/200");
  CHECK_EQ(error_kind(config(), R"({"content":[],"stop_reason":"end_turn"})"), "no_content/200");
  CHECK_EQ(error_kind(config(), R"({"x":1})"), "no_choices/200");
  CHECK_EQ(error_kind(config(), "<html>"), "invalid_json/200");
}

TEST("a stream is read, wherever it is cut") {
  const auto body = begin + text_block("Grüße, ") + text_block("\\ud83d\\ude00") + end("end_turn");
  for (std::size_t piece = 1; piece < 60; ++piece) {
    const auto got = read_stream(config(), body, piece);
    CHECK_EQ(got.error.kind, "none");
    CHECK_EQ(got.said.text, "Grüße, 😀");
    CHECK_EQ(got.said.model, "claude-sonnet-4-5-20250929");
    CHECK_EQ(got.said.finish_reason, "stop");
    CHECK_EQ(got.said.usage.prompt_tokens, 30u);
    CHECK_EQ(got.said.usage.completion_tokens, 15u);
  }
}

TEST("calls of tools are put together out of a stream") {
  const auto call = [](std::string_view id, std::string_view json) {
    auto events =
      event("content_block_start",
            R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":")" +
              std::string{id} + R"(","name":"weather","input":{}}})");
    if (!json.empty())
      events += event("content_block_delta",
                      R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta",)"
                      R"("partial_json":")" +
                        std::string{json} + R"("}})");
    return events + event("content_block_stop", R"({"type":"content_block_stop","index":1})");
  };
  const auto got = read_stream(config(), begin + call("toolu_1", R"({\"city\":\"Bonn\"})") +
                                           call("toolu_2", "") + end("tool_use"));
  CHECK_EQ(got.error.kind, "none");
  REQUIRE(got.said.tool_calls.size() == 2);
  CHECK_EQ(got.said.tool_calls[0].arguments, R"({"city":"Bonn"})");
  CHECK_EQ(got.said.tool_calls[1].id, "toolu_2");
  CHECK_EQ(got.said.tool_calls[1].arguments, "{}");
  CHECK_EQ(got.said.finish_reason, "tool_calls");
}

TEST("streams end by error, refusal, or too early") {
  const auto kind = [](const std::string& body) { return read_stream(config(), body).error.kind; };
  CHECK_EQ(
    kind(begin + text_block("a") +
         event("error", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})")),
    "provider_error/529");
  CHECK_EQ(kind(begin + end("refusal")), "content_filter/200");
  CHECK_EQ(kind(begin + end("end_turn")), "no_content/200");
  CHECK_EQ(kind(begin + text_block("a")), "cut_off/200");
  CHECK_EQ(kind(begin + "data: {\n\n"), "invalid_json/200");
}
