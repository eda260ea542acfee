// Bedrock's Converse, against the shapes that its reference documents.
#define CAF_SUITE bedrock
#include "llm/providers/provider_support.hpp" // first: older CAF test headers define `allow` as a macro

#include "llm/aws_event_stream.hpp"
#include "tests/caf_test.hpp"

#include <algorithm>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using llm::encode_aws_event;

llm_config config() {
  llm_config c;
  c.engine = llm_engine::bedrock;
  c.model = "anthropic.claude-3-haiku-20240307-v1:0";
  c.base_url = "https://bedrock-runtime.eu-central-1.amazonaws.com";
  c.aws_region = "eu-central-1";
  c.aws_access_key = secret{"AKIDEXAMPLE"};
  c.aws_secret_key = secret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
  return c;
}

const std::vector<chat_message> hello{{"user", "Hi"}};
const std::chrono::system_clock::time_point then{std::chrono::seconds{1'440'938'160}};

std::string text_delta(std::string_view text) {
  return encode_aws_event("contentBlockDelta",
                          R"({"contentBlockIndex":0,"delta":{"text":")" + std::string{text} + R"("}})");
}

std::string end(std::string_view reason) {
  return encode_aws_event("messageStop", R"({"stopReason":")" + std::string{reason} + R"("})") +
         encode_aws_event("metadata", R"({"usage":{"inputTokens":5,"outputTokens":7,"totalTokens":12},)"
                                      R"("metrics":{"latencyMs":3}})");
}

const std::string begin = encode_aws_event("messageStart", R"({"role":"assistant"})");

} // namespace

TEST("a call names the model in its path and is signed") {
  const auto call = call_of(config(), hello, llm::answer_form::whole, then);
  CHECK_EQ(call.url, "https://bedrock-runtime.eu-central-1.amazonaws.com/model/"
                     "anthropic.claude-3-haiku-20240307-v1%3A0/converse");
  CHECK_EQ(call.body, R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})");
  REQUIRE(call.headers.size() == 3);
  CHECK(call.headers[0].starts_with(
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-central-1/bedrock/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date, Signature="));
  CHECK_EQ(call.headers[1], "content-type: application/json");
  CHECK_EQ(call.headers[2], "x-amz-date: 20150830T123600Z");
  CHECK(std::ranges::none_of(call.headers, [](const std::string& line) { return holds(line, "wJalr"); }));
  auto c = config();
  c.aws_session_token = secret{"token-0123456789"};
  const auto temporary = call_of(c, hello, llm::answer_form::stream, then);
  CHECK(temporary.url.ends_with("/converse-stream"));
  CHECK(holds(temporary.headers.at(0), "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"));
  CHECK_EQ(temporary.headers.at(3), "x-amz-security-token: token-0123456789");
}

TEST("instructions, calls and results have their places, and roles alternate") {
  const auto body = boost::json::parse(body_or_problem(config(), tool_talk()));
  CHECK_EQ(boost::json::serialize(body.at("system")), R"([{"text":"Be brief."}])");
  CHECK_EQ(boost::json::serialize(body.at("messages")),
           R"([{"role":"user","content":[{"text":"What is the weather in Bonn?"}]},)"
           R"({"role":"assistant","content":[{"toolUse":{"toolUseId":"call_1","name":"weather",)"
           R"("input":{"city":"Bonn"}}}]},)"
           R"({"role":"user","content":[{"toolResult":{"toolUseId":"call_1","content":[{"text":"rain"}]}},)"
           R"({"text":"And tomorrow?"}]}])");
}

TEST("options are translated") {
  const auto read = boost::json::parse(
    body_or_problem(config(), hello,
                    R"({"max_tokens":9,"temperature":1,"top_p":1,"stop":"X","tool_choice":"required",)" +
                      std::string{weather_tool} + "}"));
  CHECK_EQ(boost::json::serialize(read.at("inferenceConfig")),
           R"({"maxTokens":9,"temperature":1E0,"topP":1E0,"stopSequences":["X"]})");
  CHECK_EQ(boost::json::serialize(read.at("toolConfig")),
           R"({"tools":[{"toolSpec":{"name":"weather","description":"Looks out.","inputSchema":{"json":)"
           R"({"type":"object","properties":{"city":{"type":"string"}}}}}}],"toolChoice":{"any":{}}})");
  const auto none = R"({"tool_choice":"none",)" + std::string{weather_tool} + "}";
  CHECK(!holds(body_or_problem(config(), hello, none), "toolConfig"));
  CHECK(holds(body_or_problem(config(), tool_talk(), none), "invalid_request: options.tool_choice"));
  CHECK_EQ(body_or_problem(config(), hello, R"({"top_k":3})"),
           "invalid_request: options.top_k: has no form with engine bedrock");
}

TEST("images come as data only") {
  const std::vector<chat_message> asked{
    {"user", "", R"({"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAA="}}]})"}};
  CHECK(holds(body_or_problem(config(), asked), R"({"image":{"format":"png","source":{"bytes":"AAA="}}})"));
}

TEST("a whole answer is read") {
  const auto got = decode(
    config(),
    R"({"metrics":{"latencyMs":9},"output":{"message":{"content":[{"reasoningContent":{}},{"text":"Let me "},)"
    R"({"text":"look."},{"toolUse":{"toolUseId":"t-1","name":"weather","input":{"city":"Bonn"}}}],)"
    R"("role":"assistant"}},"stopReason":"tool_use",)"
    R"("usage":{"inputTokens":5,"outputTokens":7,"totalTokens":12}})");
  CHECK_EQ(got.error.kind, "none");
  CHECK_EQ(got.said.text, "Let me look.");
  CHECK_EQ(got.said.finish_reason, "tool_calls");
  CHECK_EQ(got.said.usage.total_tokens, 12u);
  REQUIRE(got.said.tool_calls.size() == 1);
  CHECK_EQ(got.said.tool_calls[0].id, "t-1");
  CHECK_EQ(got.said.tool_calls[0].arguments, R"({"city":"Bonn"})");
}

TEST("errors have their status and no key") {
  const auto refused =
    decode(config(), R"({"message":"Signed with wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"})", 403);
  CHECK_EQ(refused.error.kind, "http_status/403");
  CHECK_EQ(refused.error.message, "the provider answered with status 403: Signed with ***");
  const auto missing =
    decode(config(), R"({"Message":"no such model","__type":"ResourceNotFoundException"})", 404);
  CHECK_EQ(missing.error.message,
           "the provider answered with status 404: no such model, type ResourceNotFoundException");
  const auto filtered =
    R"({"output":{"message":{"role":"assistant","content":[]}},"stopReason":"content_filtered"})";
  CHECK_EQ(error_kind(config(), filtered), "content_filter/200");
  CHECK_EQ(error_kind(config(), "{}"), "no_choices/200");
}

TEST("a stream is read, wherever it is cut") {
  const auto body = begin + text_delta("Grüße, ") + text_delta("\\ud83d\\ude00") +
                    encode_aws_event("contentBlockStop", R"({"contentBlockIndex":0})") + end("end_turn");
  for (std::size_t piece = 1; piece < 90; ++piece) {
    const auto got = read_stream(config(), body, piece);
    CHECK_EQ(got.error.kind, "none");
    CHECK_EQ(got.said.text, "Grüße, 😀");
    CHECK_EQ(got.said.finish_reason, "stop");
    CHECK_EQ(got.said.usage.total_tokens, 12u);
  }
}

TEST("calls of tools are put together out of a stream") {
  const auto call = [](std::string_view id, std::string_view input) {
    auto events =
      encode_aws_event("contentBlockStart", R"({"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":")" +
                                              std::string{id} + R"(","name":"weather"}}})");
    if (!input.empty())
      events +=
        encode_aws_event("contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":")" +
                                                std::string{input} + R"("}}})");
    return events + encode_aws_event("contentBlockStop", R"({"contentBlockIndex":1})");
  };
  const auto got =
    read_stream(config(), begin + call("t-1", R"({\"city\":\"Bonn\"})") + call("t-2", "") + end("tool_use"));
  REQUIRE(got.said.tool_calls.size() == 2);
  CHECK_EQ(got.said.tool_calls[0].arguments, R"({"city":"Bonn"})");
  CHECK_EQ(got.said.tool_calls[1].arguments, "{}");
}

TEST("streams end by exception, broken, or too early") {
  const auto kind = [](const std::string& body) { return read_stream(config(), body).error.kind; };
  CHECK_EQ(kind(begin + text_delta("a") +
                encode_aws_event("throttlingException", R"({"message":"Too many requests"})", true)),
           "provider_error/429");
  auto broken = begin + text_delta("a") + end("end_turn");
  broken[begin.size() + 30] = '~';
  CHECK_EQ(kind(broken), "broken_stream/200");
  CHECK_EQ(kind(begin + text_delta("a")), "cut_off/200");
  CHECK_EQ(kind(begin + end("guardrail_intervened")), "content_filter/200");
  CHECK_EQ(kind(begin + text_delta("a") + encode_aws_event("messageStop", R"({"stopReason":"end_turn"})")),
           "none");
}
