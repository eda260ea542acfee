// Streamed chat completions, whole and cut everywhere.
#define CAF_SUITE openai_stream
#include "llm/openai_stream.hpp"

#include "tests/caf_test.hpp"

#include <string>
#include <vector>

using namespace guardrails;
using namespace guardrails::llm;

namespace {

llm_config config() {
  llm_config c;
  c.engine = llm_engine::openai;
  c.model = "gpt-4o-mini";
  c.base_url = "https://api.example/v1";
  c.api_key = secret{"sk-test-0123456789"};
  return c;
}

struct reading {
  std::string text;
  completion known;
  std::string problem; // kind
  std::string message;
};

reading read(std::string_view body, std::size_t piece = 16, std::vector<chat_message> sent = {}) {
  const auto c = config();
  openai_stream stream{c, sent, 200};
  reading got;
  for (std::size_t at = 0; at < body.size(); at += piece)
    if (stream.feed(body.substr(at, piece), got.text))
      break;
  auto end = stream.finish();
  if (auto* error = std::get_if<generation_error>(&end)) {
    got.problem = error->kind;
    got.message = error->message;
  } else {
    got.known = std::get<completion>(end);
  }
  return got;
}

std::string event(std::string_view data) {
  return "data: " + std::string{data} + "\n\n";
}

std::string delta(std::string_view content) {
  return event(R"({"model":"m-1","choices":[{"index":0,"delta":{"content":")" + std::string{content} +
               R"("}}]})");
}

const std::string stop = event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
const std::string done = event("[DONE]");

} // namespace

TEST("text comes as it is said, wherever the bytes are cut") {
  const auto body =
    event(R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})") + delta("Grüße, ") +
    delta("\\ud83d\\ude00 und ") + delta("日本\\n") + stop +
    event(R"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}})") + done;
  for (std::size_t piece = 1; piece < 40; ++piece) {
    const auto got = read(body, piece);
    CHECK_EQ(got.problem, "");
    CHECK_EQ(got.text, "Grüße, 😀 und 日本\n");
    CHECK_EQ(got.known.model, "m-1");
    CHECK_EQ(got.known.finish_reason, "stop");
    CHECK_EQ(got.known.usage.total_tokens, 12U);
  }
}

TEST("further choices are kept to the end") {
  const auto body =
    event(R"({"choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"yes"}}]})") +
    event(R"({"choices":[{"index":1,"delta":{"content":"no"},"finish_reason":"length"}]})") + stop;
  const auto got = read(body);
  CHECK_EQ(got.text, "yes");
  CHECK_EQ(got.known.finish_reason, "stop");
  REQUIRE(got.known.further_choices.size() == 1);
  CHECK_EQ(got.known.further_choices[0].text, "nono");
  CHECK_EQ(got.known.further_choices[0].finish_reason, "length");
  CHECK_EQ(read(event(R"({"choices":[{"index":1000000,"delta":{}}]})") + stop).problem, "too_large");
}

TEST("what follows the end is not read") {
  CHECK_EQ(read(delta("a") + stop + done + delta("b") + event("{")).text, "a");
  CHECK_EQ(read(delta("a") + done + event("{")).problem, "");
}

TEST("a stream that ends early is cut off") {
  CHECK_EQ(read(delta("a")).problem, "cut_off");
  CHECK_EQ(read("").problem, "cut_off");
  CHECK_EQ(read(delta("a") + "data: [DONE]").problem, "cut_off");
}

TEST("a refusal is what the model said") {
  CHECK_EQ(read(event(R"({"choices":[{"delta":{"refusal":"I can't."}}]})") + stop).text, "I can't.");
}

TEST("no text is an error") {
  CHECK_EQ(read(stop + done).problem, "no_content");
}

TEST("calls of tools are put together") {
  const auto call = [](const std::string& delta) {
    return event(R"({"choices":[{"index":0,"delta":{"tool_calls":[)" + delta + "]}}]}");
  };
  const auto body =
    call(R"({"index":0,"id":"c1","type":"function","function":{"name":"look","arguments":""}})") +
    call(R"({"index":0,"function":{"arguments":"{\"a\""}})") +
    call(
      R"({"index":1,"id":"c2","function":{"name":"f","arguments":"[]"}},{"index":0,"function":{"arguments":":1}"}})") +
    event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})") + done;
  const auto got = read(body);
  CHECK_EQ(got.problem, "");
  CHECK_EQ(got.text, "");
  CHECK_EQ(got.known.finish_reason, "tool_calls");
  REQUIRE(got.known.tool_calls.size() == 2);
  CHECK_EQ(got.known.tool_calls[0].id, "c1");
  CHECK_EQ(got.known.tool_calls[0].arguments, R"({"a":1})");
  CHECK_EQ(got.known.tool_calls[1].name, "f");
  const auto unnumbered =
    read(call(R"({"id":"a","function":{"name":"f","arguments":"1"}})") +
         call(R"({"function":{"arguments":"2"}})") + call(R"({"id":"b","function":{"name":"g"}})") + stop);
  REQUIRE(unnumbered.known.tool_calls.size() == 2);
  CHECK_EQ(unnumbered.known.tool_calls[0].arguments, "12");
  CHECK_EQ(read(call(R"({"index":100000})") + stop).problem, "too_large");
}

TEST("what is no chunk is an error that quotes nothing of it") {
  for (const auto* bad : {"{", "7", "[]", R"({"choices":)", R"({"choices":[{"delta":{"content":"\ud83d"}}]})",
                          "{\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}"}) {
    const auto got = read(delta("a") + event(bad) + delta("b"));
    CHECK_EQ(got.problem, "invalid_json");
    CHECK_EQ(got.text, "a");
    CHECK(got.message.find("choices") == std::string::npos);
  }
  CHECK_EQ(read(event(std::string(100, '[') + std::string(100, ']'))).problem, "invalid_json");
}

TEST("an error within the stream ends it, without key or prompt") {
  const auto body =
    delta("a") + event(R"({"error":{"message":"key sk-test-0123456789 over quota"}})") + delta("b");
  const auto got = read(body);
  CHECK_EQ(got.problem, "provider_error");
  CHECK_EQ(got.text, "a");
  CHECK(got.message.find("0123456789") == std::string::npos);
  const auto quoted = read(event(R"({"error":"cannot answer: my password is swordfish99"})"), 16,
                           {{"user", "my password is swordfish99"}});
  CHECK_EQ(quoted.problem, "provider_error");
  CHECK(quoted.message.find("swordfish") == std::string::npos);
}

TEST("an endless event ends the stream") {
  const auto c = config();
  openai_stream stream{c, {}, 200};
  std::string text;
  const auto problem = stream.feed("data: " + std::string(event_stream::longest_event + 1, 'x'), text);
  CHECK_EQ(problem.value_or(generation_error{}).kind, "too_large");
}

TEST("a streaming call asks for a stream and its usage") {
  const auto call = encode_openai_stream(config(), std::vector<chat_message>{{"user", "hi"}});
  CHECK(call.body.ends_with(R"(,"stream":true,"stream_options":{"include_usage":true}})"));
}
