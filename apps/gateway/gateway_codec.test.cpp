// The gateway's parts that need no socket: bodies, streams, keys, routes, traces, counts.
#define CAF_SUITE gateway_codec
#include "tests/caf_test.hpp"

#include "apps/gateway/access_log.hpp"
#include "apps/gateway/chat_answer.hpp"
#include "apps/gateway/chat_call.hpp"
#include "apps/gateway/client_keys.hpp"
#include "apps/gateway/embedding_call.hpp"
#include "apps/gateway/moderation.hpp"
#include "apps/gateway/route.hpp"
#include "apps/gateway/text_calls.hpp"
#include "apps/gateway/trace_context.hpp"

#include "llm/message_extra.hpp"

#include <guardrails/errors.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace {

using namespace guardrails;
using namespace guardrails::gateway;
using namespace std::chrono_literals;
namespace json = boost::json;

/// The `param` of the refusal; `-` where the body was taken.
std::string refused_param(std::string_view body) {
  const auto read = read_chat_call(body);
  const auto* problem = std::get_if<api_error>(&read);
  return problem && problem->status == 400 ? problem->param : "-";
}

std::string with_field(const std::string& field) {
  return R"({"model":"m","messages":[{"role":"user","content":"x"}],)" + field + "}";
}

generation answered(std::string text) {
  generation result;
  result.final_response = std::move(text);
  result.usage = {3, 4, 7, false};
  return result;
}

generation blocked(block_reason reason) {
  auto result = answered("No.");
  result.blocked = true;
  result.block_reason = reason;
  return result;
}

/// The data of each event; throws where the stream is none.
std::vector<std::string> events_of(std::string_view stream) {
  std::vector<std::string> events;
  while (!stream.empty()) {
    const auto end = stream.find("\n\n");
    if (!stream.starts_with("data: ") || end == std::string_view::npos)
      throw std::runtime_error{"no event"};
    events.emplace_back(stream.substr(6, end - 6));
    stream.remove_prefix(end + 2);
  }
  return events;
}

std::string text_of(const std::vector<std::string>& events) {
  std::string text;
  for (const auto& event : events) {
    const auto chunk = event == "[DONE]" ? json::value(nullptr) : json::parse(event);
    if (chunk.is_object())
      for (const auto& choice : chunk.at("choices").as_array())
        if (const auto* piece = choice.at("delta").as_object().if_contains("content"))
          text += piece->as_string().c_str();
  }
  return text;
}

std::string hex_digest(const std::string& key) {
  std::string text;
  for (const auto byte : digest_of(key))
    for (const auto half : {byte >> 4, byte & 15})
      text += "0123456789abcdef"[half];
  return text;
}

constexpr auto start = client_key::clock::time_point{};

} // namespace

TEST("a chat request is read, and what is not ours becomes its options") {
  const auto read = read_chat_call(
    R"({"model":"gpt","temperature":2,"new_thing":{"a":[1]},"tools":[],"tool_choice":"none","n":1,"stop":null,"logprobs":true,"stream":true,)"
    R"("stream_options":{"include_usage":true},"messages":[{"role":"system","content":"s"},{"role":"user",)"
    R"("name":"joe","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]})");
  const auto* call = std::get_if<chat_call>(&read);
  REQUIRE(call != nullptr);
  CHECK_EQ(call->model, "gpt");
  CHECK(call->stream);
  CHECK(call->include_usage);
  REQUIRE(call->messages.size() == 2);
  CHECK_EQ(call->messages[0].role, "system");
  CHECK_EQ(call->messages[1].content, "a\nb");
  CHECK_EQ(call->messages[0].extra, "");
  CHECK_EQ(call->messages[1].extra, R"({"name":"joe"})");
  CHECK_EQ(call->options, R"({"temperature":2,"new_thing":{"a":[1]},"tool_choice":"none","n":1})");
}

TEST("parts that are no text stand beside the text, as do calls of tools") {
  const auto read = read_chat_call(
    R"({"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}},)"
    R"({"type":"input_text","text":"b"}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c1"}]},)"
    R"({"role":"tool","tool_call_id":"c1","content":"18"},{"role":"assistant","tool_calls":[{"id":"c2"}]}]})");
  const auto* call = std::get_if<chat_call>(&read);
  REQUIRE(call != nullptr);
  REQUIRE(call->messages.size() == 4);
  CHECK_EQ(call->messages[0].content, "a\nb");
  CHECK_EQ(json::parse(call->messages[0].extra).at("content").as_array().size(), 3u);
  CHECK_EQ(call->messages[1].content, "");
  CHECK_EQ(call->messages[1].extra, R"({"content":null,"tool_calls":[{"id":"c1"}]})");
  CHECK_EQ(call->messages[2].extra, R"({"tool_call_id":"c1"})");
  CHECK_EQ(call->messages[3].extra, R"({"tool_calls":[{"id":"c2"}]})");
}

TEST("what cannot be carried is refused by name") {
  const auto user = [](const std::string& content) {
    return R"({"messages":[{"role":"user","content":)" + content + "}]}";
  };
  CHECK_EQ(refused_param(user(R"("x")")), "-");
  CHECK_EQ(refused_param(user(R"([{"type":"text","text":"x"}])")), "-");
  CHECK_EQ(refused_param(user(R"([{"type":"image_url","image_url":{"url":"x"}}])")), "-");
  CHECK_EQ(refused_param(user(R"([{"text":"x"}])")), "messages[0].content[0]");
  CHECK_EQ(refused_param(user("[7]")), "messages[0].content[0]");
  CHECK_EQ(refused_param(user(R"([{"type":"text","text":"x"},{"type":"text"}])")), "messages[0].content[1]");
  CHECK_EQ(refused_param(user("null")), "messages[0].content");
  CHECK_EQ(refused_param(user("1")), "messages[0].content");
  CHECK_EQ(refused_param(R"({"messages":[{"content":"x"}]})"), "messages[0].role");
  CHECK_EQ(refused_param(R"({"messages":[{"role":"assistant","tool_calls":{}}]})"), "messages[0].tool_calls");
  CHECK_EQ(refused_param(R"({"messages":[{"role":"assistant","function_call":{}}]})"),
           "messages[0].function_call");
  CHECK_EQ(refused_param(R"({"messages":[]})"), "messages");
  CHECK_EQ(refused_param(R"({"messages":{}})"), "messages");
  CHECK_EQ(refused_param("{}"), "messages");
  CHECK_EQ(refused_param(with_field(R"("n":2)")), "-");
  for (const auto* n : {"0", "129", "1.5", "\"2\"", "-1"})
    CHECK_EQ(refused_param(with_field(std::string{"\"n\":"} + n)), "n");
  CHECK_EQ(refused_param(with_field(R"("n":null)")), "-");
  CHECK_EQ(refused_param(with_field(R"("tools":[{"type":"function"}])")), "-");
  CHECK_EQ(refused_param(with_field(R"("chat_template":"x")")), "chat_template");
  CHECK_EQ(refused_param(with_field(R"("prompt_embeds":"x")")), "prompt_embeds");
  CHECK_EQ(refused_param(with_field(R"("prompt_token_ids":[1])")), "prompt_token_ids");
  CHECK_EQ(refused_param(with_field(R"("functions":[{}])")), "functions");
  CHECK_EQ(refused_param(with_field(R"("stream":"yes")")), "stream");
  CHECK_EQ(refused_param(with_field(R"("stream_options":{"include_usage":1})")),
           "stream_options.include_usage");
  CHECK_EQ(refused_param(with_field(R"("model":7)")), "model");
  for (const std::string body : {"", "[]", "nul", "{\"messages\":[", "{} x", "{\"a\":\"\xFF\"}"})
    CHECK_EQ(refused_param(body), "");
  CHECK_EQ(refused_param(std::string(100, '[') + std::string(100, ']')), "");
}

TEST("a name that only reads like a known one is refused") {
  const auto user = [](const std::string& members) {
    return std::string{R"({"messages":[{"role":"user","content":"x",)"}.append(members).append("}]}");
  };
  for (const auto* name : {"Messages", "MESSAGES", "me\u017F\u017Fages", "Prompt", "documentS", "Model", "N",
                           "Tools", "Max_Tokens", "Chat_Template"})
    CHECK_EQ(refused_param(with_field(std::string{"\""}.append(name).append("\":\"y\""))), name);
  CHECK_EQ(refused_param(user(R"("Content":"y")")), "messages[0].Content");
  CHECK_EQ(refused_param(user(R"("ROLE":"system")")), "messages[0].ROLE");
  CHECK_EQ(refused_param(user(R"("Tool_Cal\u006cs":[])")), "messages[0].Tool_Calls");
  CHECK_EQ(refused_param(user(R"("tool_calls":[{"Function":{}}])")), "messages[0].tool_calls[0].Function");
  CHECK_EQ(refused_param(user(R"("tool_calls":[{"function":{"Arguments":"{}"}}])")),
           "messages[0].tool_calls[0].function.Arguments");
  CHECK_EQ(
    refused_param(R"({"messages":[{"role":"user","content":[{"type":"text","text":"x","Text":"y"}]}]})"),
    "messages[0].content[0].Text");
  CHECK_EQ(refused_param(
             with_field(R"("metadata":{"Content":"x"},"tools":[{"function":{"parameters":{"Text":1}}}])")),
           "-");
  CHECK_EQ(refused_param(with_field(R"("Other":1,"\u00e4":2)")), "-");
  const auto prompt = read_prompt_call(R"({"prompt":"x","Messages":[]})");
  REQUIRE(std::holds_alternative<api_error>(prompt));
  CHECK_EQ(std::get<api_error>(prompt).param, "Messages");
}

TEST("a null is no second text") {
  const auto parts = R"({"type":"text","text":"a","refusal":null})";
  const auto user = [&](const std::string& more) {
    return read_chat_call(
      std::string{R"({"messages":[{"role":"user","content":[)"}.append(parts).append(more).append("]}]}"));
  };
  const auto alone = user("");
  REQUIRE(std::holds_alternative<chat_call>(alone));
  CHECK_EQ(std::get<chat_call>(alone).messages[0].content, "a");
  const auto mixed = user(R"(,{"type":"image_url","image_url":{"url":"u"}})");
  REQUIRE(std::holds_alternative<chat_call>(mixed));
  const auto& message = std::get<chat_call>(mixed).messages[0];
  CHECK_EQ(message.extra.find("null"), std::string::npos);
  CHECK(!llm::find_extra_problem(message));
}

TEST("a generation becomes a completion") {
  const auto body = json::parse(completion_body({"chatcmpl-1", "m", 5}, answered("Hi \"you\""), false));
  CHECK_EQ(body.at("object").as_string(), "chat.completion");
  CHECK_EQ(body.at("choices").at(0).at("message").at("content").as_string(), "Hi \"you\"");
  CHECK_EQ(body.at("choices").at(0).at("finish_reason").as_string(), "stop");
  CHECK_EQ(body.at("usage").at("total_tokens").to_number<int>(), 7);
  CHECK(!body.as_object().contains("guardrails"));
  const auto refusal = json::parse(completion_body({"i", "m", 5}, blocked(block_reason::input), true));
  CHECK_EQ(refusal.at("choices").at(0).at("finish_reason").as_string(), "content_filter");
  CHECK_EQ(refusal.at("guardrails").at("block_reason").as_string(), "input");
}

TEST("a report has nothing of the texts") {
  auto result = blocked(block_reason::output);
  result.user_input = "private";
  result.messages = {{"user", "private"}};
  result.llm_response = "private";
  finding found;
  found.why.context = {"private"};
  found.why.ngrams = {"private"};
  check_report report;
  report.findings.push_back(found);
  result.output_check = report;
  CHECK_EQ(completion_body({"i", "m", 5}, result, true).find("private"), std::string::npos);
  CHECK_EQ(stream_body({"i", "m", 5}, result, true, true).find("private"), std::string::npos);
}

TEST("a stream says the same as a completion") {
  std::string text = "Grüße ";
  while (text.size() < 10'000)
    text += "äöü€\n";
  const auto events = events_of(stream_body({"i", "m", 5}, answered(text), true, false));
  CHECK_EQ(text_of(events), text);
  CHECK(events.size() > 6);
  CHECK_EQ(events.back(), "[DONE]");
  const auto usage = json::parse(events[events.size() - 2]);
  CHECK(usage.at("choices").as_array().empty());
  CHECK_EQ(usage.at("usage").at("prompt_tokens").to_number<int>(), 3);
  const auto finish = json::parse(events[events.size() - 3]);
  CHECK_EQ(finish.at("choices").at(0).at("finish_reason").as_string(), "stop");
  CHECK(finish.at("usage").is_null());
  const auto opening = json::parse(events[0]);
  CHECK_EQ(opening.at("choices").at(0).at("delta").at("role").as_string(), "assistant");
  const auto plain = events_of(stream_body({"i", "m", 5}, blocked(block_reason::output), false, false));
  CHECK_EQ(plain.size(), 4u);
  CHECK_EQ(text_of(plain), "No.");
  const auto first = json::parse(plain[0]);
  CHECK(!first.as_object().contains("usage"));
}

TEST("calls of tools and further choices are written, whole and as a stream") {
  auto result = answered("");
  result.finish_reason = "tool_calls";
  std::string arguments = R"({"text":")";
  while (arguments.size() < 5000)
    arguments += "ä€ ";
  arguments += "\"}";
  result.tool_calls = {{"c1", "function", "look", arguments}, {"c2", "custom", "run", "ls"}};
  result.further_choices = {{"Another.", {}, "length"}, {"", {{"c3", "function", "f", "{}"}}, "odd"}};
  const auto body = json::parse(completion_body({"i", "m", 5}, result, false)).at("choices").as_array();
  REQUIRE(body.size() == 3);
  CHECK(body[0].at("message").at("content").is_null());
  CHECK_EQ(body[0].at("finish_reason").as_string(), "tool_calls");
  CHECK_EQ(body[0].at("message").at("tool_calls").at(0).at("function").at("arguments").as_string(),
           arguments);
  CHECK_EQ(body[0].at("message").at("tool_calls").at(1).at("custom").at("input").as_string(), "ls");
  CHECK_EQ(body[1].at("message").at("content").as_string(), "Another.");
  CHECK_EQ(body[1].at("finish_reason").as_string(), "length");
  CHECK_EQ(body[2].at("finish_reason").as_string(), "stop");
  std::string streamed;
  std::vector<std::string> reasons;
  for (const auto& event : events_of(stream_body({"i", "m", 5}, result, false, true)))
    if (event != "[DONE]") {
      const auto choice = json::parse(event).at("choices").at(0);
      if (choice.at("finish_reason").is_string())
        reasons.emplace_back(choice.at("finish_reason").as_string());
      const auto* calls = choice.at("delta").as_object().if_contains("tool_calls");
      if (calls && choice.at("index") == 0 && calls->at(0).at("index") == 0)
        streamed += calls->at(0).at("function").at("arguments").as_string();
    }
  CHECK_EQ(streamed, arguments);
  const std::vector<std::string> expected{"tool_calls", "length", "stop"};
  CHECK(reasons == expected);
}

TEST("the answer to a prompt is a text completion") {
  const answer_identity who{"i", "m", 5, answer_form::text};
  auto result = answered("Hi");
  result.further_choices = {{"Ho", {}, "stop"}};
  const auto body = json::parse(completion_body(who, result, false));
  CHECK_EQ(body.at("object").as_string(), "text_completion");
  CHECK_EQ(body.at("choices").at(1).at("text").as_string(), "Ho");
  CHECK_EQ(body.at("choices").at(1).at("index").as_int64(), 1);
  const auto events = events_of(stream_body(who, result, false, false));
  REQUIRE(events.size() == 5);
  const auto first = json::parse(events[0]);
  CHECK_EQ(first.at("choices").at(0).at("text").as_string(), "Hi");
  const auto last = json::parse(events[3]);
  CHECK_EQ(last.at("choices").at(0).at("finish_reason").as_string(), "stop");
  const auto without = stream_body(who, result, false, false);
  result.tool_calls = {{"c1", "function", "look", "{}"}}; // have no place in it
  CHECK(stream_body(who, result, false, false) == without);
}

TEST("ends of generations are statuses") {
  const auto status = [](block_reason reason) {
    const auto problem = failure_of(blocked(reason));
    return problem ? problem->status : 0;
  };
  CHECK_EQ(status(block_reason::input), 0u);
  CHECK_EQ(status(block_reason::output), 0u);
  CHECK_EQ(status(block_reason::check_error), 0u);
  CHECK_EQ(status(block_reason::no_user_input), 400u);
  CHECK_EQ(status(block_reason::rate_limited), 429u);
  CHECK_EQ(status(block_reason::overloaded), 503u);
  CHECK_EQ(status(block_reason::timeout), 504u);
  CHECK_EQ(status(block_reason::llm_error), 502u);
  const auto overload = failure_of(blocked(block_reason::overloaded));
  CHECK(overload && overload->retry_after > 0);
  auto invalid = blocked(block_reason::check_error);
  invalid.error = generation_error{"invalid_request", "messages[0].role: unknown role", 0};
  const auto problem = failure_of(invalid);
  CHECK(problem && problem->status == 400 && problem->param == "messages");
  invalid.error->message = "options.seed: has no form with engine anthropic";
  const auto refused = failure_of(invalid);
  CHECK(refused && refused->status == 400 && refused->param == "seed");
  CHECK(!failure_of(answered("x")));
  const auto error = json::parse(body_of(blocked_error(blocked(block_reason::input)))).at("error");
  CHECK_EQ(error.at("code").as_string(), "content_filter");
  CHECK_EQ(error.at("message").as_string(), "No.");
}

TEST("small bodies") {
  const auto check = read_check_call(R"({"text":"t","direction":"output"})");
  REQUIRE(std::holds_alternative<check_call>(check));
  CHECK(std::get<check_call>(check).direction == text_direction::output);
  CHECK(std::holds_alternative<api_error>(read_check_call(R"({"text":"t","direction":"up"})")));
  CHECK(std::holds_alternative<api_error>(read_check_call(R"({"text":1})")));
  CHECK(std::holds_alternative<api_error>(read_simple_chat(R"({"messages":"x"})")));
  const auto simple = read_simple_chat(R"({"message":"x"})");
  REQUIRE(std::holds_alternative<std::string>(simple));
  CHECK_EQ(std::get<std::string>(simple), "x");
  const auto texts = [](const char* body) {
    const auto read = read_moderation_call(body);
    const auto* found = std::get_if<std::vector<std::string>>(&read);
    return found ? found->size() : 0;
  };
  CHECK_EQ(texts(R"({"input":"x"})"), 1u);
  CHECK_EQ(texts(R"({"input":["x",{"type":"text","text":"y"}]})"), 2u);
  CHECK_EQ(texts(R"({"input":[]})"), 0u);
  CHECK_EQ(texts(R"({"input":[{"type":"image_url"}]})"), 0u);
}

TEST("prompts become chats") {
  const auto read =
    read_prompt_call(R"({"prompt":["hi"],"model":"m","max_tokens":5,"echo":false,"best_of":1})");
  const auto* call = std::get_if<chat_call>(&read);
  REQUIRE(call != nullptr);
  CHECK(call->is_prompt);
  CHECK_EQ(call->messages.at(0).content, "hi");
  CHECK_EQ(call->options, R"({"max_tokens":5})");
  const auto refused = [](const char* body) {
    const auto other = read_prompt_call(body);
    const auto* problem = std::get_if<api_error>(&other);
    return problem ? problem->param : "-";
  };
  CHECK_EQ(refused(R"({"prompt":["a","b"]})"), "prompt");
  CHECK_EQ(refused(R"({"prompt":[1,2]})"), "prompt");
  CHECK_EQ(refused("{}"), "prompt");
  CHECK_EQ(refused(R"({"prompt":"x","echo":true})"), "echo");
  CHECK_EQ(refused(R"({"prompt":"x","tools":[{}]})"), "tools");
  CHECK_EQ(refused(R"({"prompt":"x","input":"y"})"), "input");
}

TEST("embedding requests keep all but their texts") {
  const auto round = [](const char* body) {
    auto read = read_embedding_call(body);
    auto* call = std::get_if<embedding_call>(&read);
    if (!call)
      return std::get<api_error>(read).param;
    for (auto& text : call->inputs)
      text += '"';
    return body_of(*call);
  };
  CHECK_EQ(round(R"({"model":"m","input":"a","dimensions":8})"),
           R"({"model":"m","dimensions":8,"input":"a\""})");
  CHECK_EQ(round(R"({"input":["a","b"],"model":"m"})"), R"({"model":"m","input":["a\"","b\""]})");
  CHECK_EQ(round(R"({"input":"a"})"), "model");
  for (const auto* wrong : {R"({"model":"m"})", R"({"model":"m","input":[]})", R"({"model":"m","input":[1]})",
                            R"({"model":"m","input":[[1]]})"})
    CHECK_EQ(round(wrong), "input");
  CHECK_EQ(
    round(R"({"input":"a","model":"m","user":"u","encoding_format":"float","truncate":true,"prompt":null})"),
    R"({"model":"m","user":"u","encoding_format":"float","truncate":true,"prompt":null,"input":"a\""})");
  const auto refused = [&](const std::string& name, const std::string& value) {
    return round(std::string{R"({"model":"m","input":"a",")"}
                   .append(name)
                   .append("\":")
                   .append(value)
                   .append("}")
                   .c_str());
  };
  for (const auto* name :
       {"messages", "text", "query", "content", "images", "prompt_embeds", "input_ids", "any", "user"})
    CHECK_EQ(refused(name, "[1]"), name);
  for (const auto* name : {"prompt", "instruction", "Input", "MODEL"})
    CHECK_EQ(refused(name, "\"y\""), name);
  CHECK_EQ(refused("dimen\u017Fions", "8"), "dimen\u017Fions");
}

TEST("moderation has every category") {
  check_report report;
  report.toxicity = toxicity_report{"toxic", 0.9};
  report.semantic_class = "malicious";
  const auto result = moderation_result(report);
  CHECK(result.at("flagged").as_bool());
  CHECK(result.at("categories").at("harassment").as_bool());
  CHECK(result.at("categories").at("illicit").as_bool());
  CHECK(!result.at("categories").at("sexual/minors").as_bool());
  CHECK_EQ(result.at("category_scores").as_object().size(), result.at("categories").as_object().size());
  report.toxicity = toxicity_report{"non-toxic", 0.9};
  report.semantic_class = "";
  const auto harmless = moderation_result(report);
  CHECK(!harmless.at("flagged").as_bool());
  CHECK(harmless.at("category_scores").at("harassment").as_double() < 0.2);
}

TEST("routes") {
  CHECK(find_route("POST", "/v1/chat/completions").method_fits);
  CHECK(find_route("POST", "/v1/chat/completions?x=1").to == route::chat_completions);
  CHECK(!find_route("GET", "/v1/chat/completions").method_fits);
  const auto other_method = find_route("PUT", "/v1/models");
  CHECK_EQ(other_method.allow, "GET");
  for (const auto* path : {"/", "/?x", "/page/page.js"})
    for (const auto* method : {"GET", "HEAD"})
      CHECK(find_route(method, path).to == route::page && find_route(method, path).method_fits);
  for (const auto* path : {"", "/page", "/v1/chat/completions/", "/V1/models", "//v1/models", "*"})
    CHECK(find_route("GET", path).to == route::none);
}

TEST("the OpenAPI document has every route and no other") {
  std::ifstream file{GUARDRAILS_SOURCE_DIR "/apps/gateway/openapi.json"};
  const auto document = json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
  std::size_t described = 0;
  for (const auto& [path, operations] : document.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object()) {
      std::string name{method};
      std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      const auto match = find_route(name, path);
      CHECK(match.to != route::none && match.method_fits);
      CHECK_EQ(match.needs_key, operation.as_object().contains("security"));
      ++described;
    }
  CHECK_EQ(described, all_pages().size());
}

TEST("trace contexts") {
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto trace = read_traceparent(good);
  REQUIRE(trace.has_value());
  CHECK_EQ(to_header(*trace), good);
  CHECK(read_traceparent("01" + good.substr(2) + "-later").has_value());
  for (const auto& wrong : {std::string{}, good + "-x", "ff" + good.substr(2), good.substr(1),
                            "00-" + std::string(32, '0') + good.substr(35),
                            good.substr(0, 36) + std::string(16, '0') + "-01", "0G" + good.substr(2)})
    CHECK(!read_traceparent(wrong));
  CHECK_EQ(random_hex(32).size(), 32u);
  CHECK(random_hex(32) != random_hex(32));
  CHECK(is_request_id("a-Z_0.9"));
  for (const auto* wrong : {"", "a b", "a\r\nX: y", "\xC3\xA4"})
    CHECK(!is_request_id(wrong));
}

TEST("keys are found by their hash and limited") {
  const auto yaml =
    "keys:\n  - {name: web, sha256: " + hex_digest("secret-1") +
    ", max_in_flight: 2, requests_per_minute: 3}\n  - {name: ops, sha256: " + hex_digest("secret-2") +
    ", admin: true, priority: low}\n";
  const client_keys keys{read_keys(yaml, "keys.yml")};
  const auto web = keys.find("Bearer secret-1");
  REQUIRE(web != nullptr);
  CHECK_EQ(web->entry().name, "web");
  CHECK(!web->entry().admin);
  CHECK(keys.find("bearer secret-2")->entry().admin);
  for (const auto* wrong :
       {"", "Bearer ", "Bearer", "secret-1", "Bearer secret", "Basic secret-1", "Bearer secret-12"})
    CHECK(keys.find(wrong) == nullptr);
  CHECK(!web->enter(start));
  CHECK(!web->enter(start));
  CHECK(web->enter(start) == 1u); // two are under way
  web->leave();
  web->leave();
  CHECK(!web->enter(start));
  web->leave();
  CHECK(web->enter(start) == 20u); // three in this minute
  CHECK(!web->enter(start + 20s));
}

TEST("key files are read strictly and never quoted") {
  const auto hash = hex_digest("k");
  for (const auto& wrong :
       {std::string{"[]"}, std::string{"keys: 1"}, std::string{"keys: [{name: a}]"},
        "keys: [{name: a, sha256: " + hash + ", priority: urgent}]", "keys: [{sha256: " + hash + "}]",
        "keys: [{name: a, sha256: " + hash.substr(1) + "}]",
        "keys: [{name: a, sha256: z" + hash.substr(1) + "}]", "keys: [{name: a/b, sha256: " + hash + "}]",
        "keys: [{name: a, sha256: " + hash + ", rpm: 1}]",
        "keys: [{name: a, sha256: " + hash + ", max_in_flight: 0}]",
        "keys: [{name: a, sha256: " + hash + "}, {name: b, sha256: " + hash + "}]"}) {
    bool refused = false;
    try {
      read_keys(wrong, "keys.yml");
    } catch (const config_error& problem) {
      refused = std::string{problem.what()}.find(hash.substr(1)) == std::string::npos;
    }
    CHECK(refused);
  }
}

TEST("counts in Prometheus' form") {
  metrics counts;
  counts.answered(route::chat, 200);
  counts.answered(route::chat, 299);
  auto result = blocked(block_reason::input);
  result.timings = {1, 200, 3'000, 4, 90'000'000};
  counts.finished(result);
  const auto text = counts.to_text();
  const auto has = [&](const char* line) { return text.find(std::string{line} + "\n") != std::string::npos; };
  CHECK(has(R"(guardrails_requests_total{route="chat",status="200"} 1)"));
  CHECK(has(R"(guardrails_requests_total{route="chat",status="other"} 1)"));
  CHECK(has(R"(guardrails_blocked_total{reason="input"} 1)"));
  CHECK(has(R"(guardrails_stage_seconds_bucket{stage="input_checks",le="0.0001"} 0)"));
  CHECK(has(R"(guardrails_stage_seconds_bucket{stage="input_checks",le="0.00025"} 1)"));
  CHECK(has(R"(guardrails_stage_seconds_bucket{stage="total",le="60"} 0)"));
  CHECK(has(R"(guardrails_stage_seconds_bucket{stage="total",le="+Inf"} 1)"));
  CHECK(has(R"(guardrails_stage_seconds_count{stage="llm"} 1)"));
}

TEST("log lines are JSON, and all are written") {
  metrics counts;
  std::ostringstream out;
  {
    access_log log{out, counts};
    for (int i = 0; i < 100; ++i)
      log.write(line_of({"id", "", "web", "POST", route::chat, 200, 10, 5us, "v", block_reason::input},
                        std::chrono::system_clock::time_point{}));
  }
  std::istringstream lines{out.str()};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto entry = json::parse(line);
    CHECK_EQ(entry.at("blocked").as_string(), "input");
  }
  CHECK_EQ(count, 100);
}
