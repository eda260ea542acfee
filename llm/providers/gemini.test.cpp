// Google's generateContent, against the shapes that its reference documents.
#define CAF_SUITE gemini
#include "llm/providers/provider_support.hpp" // first: older CAF test headers define `allow` as a macro

#include "tests/caf_test.hpp"

namespace {

using namespace guardrails;
using namespace guardrails::test;

llm_config config() {
  llm_config c;
  c.engine = llm_engine::gemini;
  c.model = "gemini-2.5-flash";
  c.base_url = "https://gemini.example/v1beta";
  c.api_key = secret{"AIza-0123456789"};
  return c;
}

const std::vector<chat_message> hello{{"user", "Hi"}};

std::string event(std::string_view data) {
  return "data: " + std::string{data} + "\r\n\r\n";
}

std::string piece(std::string_view parts, std::string_view rest = {}) {
  return event(
    R"({"candidates":[{"content":{"parts":[)" + std::string{parts} + R"(],"role":"model"},"index":0)" +
    std::string{rest} +
    R"(}],"modelVersion":"gemini-2.5-flash-001","usageMetadata":)"
    R"({"promptTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":6,"totalTokenCount":15}})");
}

} // namespace

TEST("a call names the model in its path") {
  const auto call = call_of(config(), hello);
  CHECK_EQ(call.url, "https://gemini.example/v1beta/models/gemini-2.5-flash:generateContent");
  const std::vector<std::string> headers{"Content-Type: application/json", "x-goog-api-key: AIza-0123456789"};
  CHECK(call.headers == headers);
  CHECK_EQ(call.body, R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}]})");
  auto c = config();
  c.model = "models/tuned/x";
  const auto streamed = call_of(c, hello, llm::answer_form::stream);
  CHECK_EQ(streamed.url, "https://gemini.example/v1beta/models/tuned%2Fx:streamGenerateContent?alt=sse");
}

TEST("instructions, calls and results have their places, and roles alternate") {
  const auto body = boost::json::parse(body_or_problem(config(), tool_talk()));
  CHECK_EQ(boost::json::serialize(body.at("systemInstruction")), R"({"parts":[{"text":"Be brief."}]})");
  CHECK_EQ(boost::json::serialize(body.at("contents")),
           R"([{"role":"user","parts":[{"text":"What is the weather in Bonn?"}]},)"
           R"({"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Bonn"}}}]},)"
           R"({"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"rain"}}},)"
           R"({"text":"And tomorrow?"}]}])");
  auto talk = tool_talk();
  talk[3].content = R"({"sky":"grey"})";
  CHECK(holds(body_or_problem(config(), talk), R"("response":{"sky":"grey"})"));
  talk[3].extra = R"({"tool_call_id":"another"})";
  CHECK_EQ(body_or_problem(config(), talk),
           "invalid_request: messages: a tool's message answers no call before it");
}

TEST("calls in the history of newer models say that they have no signature") {
  auto c = config();
  for (const auto* model : {"gemini-3-pro-preview", "models/gemini-3.1-flash"}) {
    c.model = model;
    CHECK(holds(body_or_problem(c, tool_talk()),
                R"({"functionCall":{"name":"weather","args":{"city":"Bonn"}},)"
                R"("thoughtSignature":"skip_thought_signature_validator"})"));
  }
  for (const auto* model : {"gemini-2.5-pro", "gemini-", "gemma-3"}) {
    c.model = model;
    CHECK(!holds(body_or_problem(c, tool_talk()), "thoughtSignature"));
  }
}

TEST("images come as data only") {
  const auto asked = [](std::string_view url) {
    return std::vector<chat_message>{
      {"user", "",
       R"({"content":[{"type":"image_url","image_url":{"url":")" + std::string{url} + R"("}}]})"}};
  };
  CHECK(holds(body_or_problem(config(), asked("data:image/png;base64,AAA=")),
              R"({"inlineData":{"mimeType":"image/png","data":"AAA="}})"));
  CHECK_EQ(body_or_problem(config(), asked("https://x.example/a.png")),
           "invalid_request: messages[0].content: an image by address has no form here; send its data");
}

TEST("options are translated") {
  const auto body = body_or_problem(
    config(), hello,
    R"({"max_tokens":9,"temperature":1,"top_p":1,"top_k":3,"seed":7,"n":2,"stop":["X"],"presence_penalty":1,)"
    R"("frequency_penalty":1,"response_format":{"type":"json_schema","json_schema":{"name":"a",)"
    R"("schema":{"type":"object"}}},"tool_choice":{"type":"function","function":{"name":"weather"}},)" +
      std::string{weather_tool} + "}");
  const auto read = boost::json::parse(body);
  CHECK_EQ(boost::json::serialize(read.at("generationConfig")),
           R"({"temperature":1E0,"topP":1E0,"topK":3,"maxOutputTokens":9,"seed":7,"candidateCount":2,)"
           R"("presencePenalty":1E0,"frequencyPenalty":1E0,"stopSequences":["X"],)"
           R"("responseMimeType":"application/json","responseJsonSchema":{"type":"object"}})");
  CHECK_EQ(boost::json::serialize(read.at("tools")),
           R"([{"functionDeclarations":[{"name":"weather","description":"Looks out.",)"
           R"("parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string"}}}}]}])");
  CHECK_EQ(boost::json::serialize(read.at("toolConfig")),
           R"({"functionCallingConfig":{"allowedFunctionNames":["weather"],"mode":"ANY"}})");
  CHECK_EQ(body_or_problem(config(), hello, R"({"parallel_tool_calls":false})"),
           "invalid_request: options.parallel_tool_calls: has no form with engine gemini");
}

TEST("a whole answer is read") {
  const auto got =
    decode(config(),
           R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Let me "},)"
           R"({"text":"look."},{"functionCall":{"name":"weather","args":{"city":"Bonn"}}},)"
           R"({"functionCall":{"id":"f-2","name":"now"}}],"role":"model"},"finishReason":"STOP","index":0},)"
           R"({"content":{"parts":[{"text":"second"}]},"finishReason":"MAX_TOKENS","index":1}],)"
           R"("usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":6,)"
           R"("totalTokenCount":15},"modelVersion":"gemini-2.5-flash-001","responseId":"r"})");
  CHECK_EQ(got.error.kind, "none");
  CHECK_EQ(got.said.text, "Let me look.");
  CHECK_EQ(got.said.model, "gemini-2.5-flash-001");
  CHECK_EQ(got.said.finish_reason, "tool_calls");
  CHECK_EQ(got.said.usage.prompt_tokens, 4u);
  CHECK_EQ(got.said.usage.completion_tokens, 11u);
  REQUIRE(got.said.tool_calls.size() == 2);
  CHECK_EQ(got.said.tool_calls[0].id, "call_0");
  CHECK_EQ(got.said.tool_calls[0].arguments, R"({"city":"Bonn"})");
  CHECK_EQ(got.said.tool_calls[1].id, "f-2");
  CHECK_EQ(got.said.tool_calls[1].arguments, "{}");
  REQUIRE(got.said.further_choices.size() == 1);
  CHECK_EQ(got.said.further_choices[0].text, "second");
  CHECK_EQ(got.said.further_choices[0].finish_reason, "length");
}

TEST("errors have their status, and what was filtered is an error of its own") {
  const auto refused = decode(
    config(),
    R"({"error":{"code":403,"message":"Key AIza-0123456789 may not","status":"PERMISSION_DENIED"}})", 403);
  CHECK_EQ(refused.error.kind, "http_status/403");
  CHECK_EQ(refused.error.message,
           "the provider answered with status 403: Key *** may not, status PERMISSION_DENIED");
  const auto listed =
    decode(config(), R"([{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}])", 429);
  CHECK(holds(listed.error.message, "Slow down"));
  CHECK_EQ(error_kind(config(), R"({"promptFeedback":{"blockReason":"SAFETY"}})"), "content_filter/200");
  CHECK_EQ(error_kind(config(), R"({"candidates":[{"finishReason":"SAFETY","index":0}]})"),
           "content_filter/200");
  CHECK_EQ(error_kind(config(), R"({"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]})"),
           "no_content/200");
  CHECK_EQ(error_kind(config(), R"({"candidates":[]})"), "no_choices/200");
}

TEST("a stream is read, wherever it is cut") {
  const auto body = piece(R"({"text":"hm","thought":true})") + piece(R"({"text":"Grüße, "})") +
                    piece(R"({"functionCall":{"name":"now","args":{}}})") +
                    piece(R"({"text":"\ud83d\ude00"})", R"(,"finishReason":"STOP")");
  for (std::size_t size = 1; size < 60; ++size) {
    const auto got = read_stream(config(), body, size);
    CHECK_EQ(got.error.kind, "none");
    CHECK_EQ(got.said.text, "Grüße, 😀");
    CHECK_EQ(got.said.finish_reason, "tool_calls");
    CHECK_EQ(got.said.tool_calls.size(), 1u);
    CHECK_EQ(got.said.usage.total_tokens, 15u);
    CHECK_EQ(got.said.model, "gemini-2.5-flash-001");
  }
}

TEST("streams end by error, refusal, or too early") {
  const auto kind = [](const std::string& body) { return read_stream(config(), body).error.kind; };
  CHECK_EQ(kind(piece(R"({"text":"a"})") + event(R"({"error":{"code":503,"message":"overloaded"}})")),
           "provider_error/503");
  CHECK_EQ(kind(event(R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}})")), "content_filter/200");
  CHECK_EQ(kind(piece(R"({"text":"a"})")), "cut_off/200");
  CHECK_EQ(kind(event("[1]")), "invalid_json/200");
}
