// Requests to and answers from OpenAI and what calls itself compatible.
#define CAF_SUITE openai_codec
#include "llm/chat_codec.hpp" // first: older CAF test headers define `allow` as a macro

#include "tests/caf_test.hpp"

#include "llm/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace {

using namespace guardrails;
using namespace guardrails::llm;
namespace json = boost::json;

llm_config config() {
  llm_config c;
  c.engine = llm_engine::openai;
  c.model = "gpt-4o-mini";
  c.base_url = "https://api.example/v1";
  c.api_key = secret{"sk-test-0123456789"};
  return c;
}

std::string encoded_body(const llm_config& c, std::vector<chat_message> messages) {
  return encode_openai(c, messages).body;
}

generation_error error_of(std::uint32_t status, std::string_view body) {
  const auto result = decode_openai(config(), {}, status, body);
  const auto* error = std::get_if<generation_error>(&result);
  return error ? *error : generation_error{"not an error", {}, 0};
}

completion completion_of(std::string_view body) {
  const auto result = decode_openai(config(), {}, 200, body);
  const auto* answer = std::get_if<completion>(&result);
  return answer ? *answer
                : completion{"not a completion: " + std::get<generation_error>(result).message, {}, {}, {}};
}

std::string with_message(std::string_view message) {
  return R"({"choices":[{"message":)" + std::string{message} + R"(,"finish_reason":"stop"}]})";
}

std::string with_usage(std::string_view usage) {
  return R"({"choices":[{"message":{"content":"x"}}],"usage":)" + std::string{usage} + "}";
}

bool holds(std::string_view text, std::string_view piece) {
  return text.find(piece) != text.npos;
}

constexpr std::string_view english = "When the committee met on Tuesday, most members agreed that the "
                                     "library should stay open until nine in the "
                                     "evening. The treasurer, who had prepared a careful report, explained "
                                     "that the additional costs would be small "
                                     "compared with the benefits for students and families. Nobody objected, "
                                     "although one visitor asked whether the "
                                     "parking lot would be lit after dark.";

} // namespace

TEST("a call has the endpoint, the key and the least body") {
  const std::vector<chat_message> messages{{"system", "Be kind."}, {"user", "Hi"}};
  const auto call = encode_openai(config(), messages);
  CHECK_EQ(call.url, "https://api.example/v1/chat/completions");
  CHECK_EQ(
    call.body,
    R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]})");
  const std::vector<std::string> headers{"Content-Type: application/json",
                                         "Authorization: Bearer sk-test-0123456789"};
  CHECK(call.headers == headers);
}

TEST("slashes at the end of the base URL do no harm") {
  auto c = config();
  c.base_url = "http://127.0.0.1:11434/v1//";
  CHECK_EQ(encode_openai(c, {}).url, "http://127.0.0.1:11434/v1/chat/completions");
}

TEST("headers are only sent when they say something") {
  auto c = config();
  c.api_key = secret{};
  CHECK_EQ(encode_openai(c, {}).headers.size(), 1u);
  c.organization = "org-1";
  const auto headers = encode_openai(c, {}).headers;
  CHECK_EQ(headers.back(), "OpenAI-Organization: org-1");
}

TEST("options are sent when set") {
  auto c = config();
  c.temperature = 0.2;
  c.top_p = 1;
  c.max_tokens = 64;
  c.stop = {"\n", "END"};
  const auto value = json::parse(encoded_body(c, {{"user", "Hi"}}));
  CHECK_EQ(value.at("temperature").as_double(), 0.2);
  CHECK_EQ(value.at("top_p").to_number<double>(), 1.0);
  CHECK_EQ(value.at("max_tokens").as_int64(), 64);
  CHECK_EQ(json::serialize(value.at("stop")), R"(["\n","END"])");
}

TEST("any text survives the way into the body") {
  std::string text = "quote \" backslash \\ slash / é 漢 🙂 ";
  for (char c = 0; c < 0x20; ++c)
    text += c;
  text += '\x7f';
  const auto value = json::parse(encoded_body(config(), {{"user", text}, {"user", ""}}));
  CHECK_EQ(std::string{value.at("messages").at(0).at("content").as_string()}, text);
  CHECK(value.at("messages").at(1).at("content").as_string().empty());
}

TEST("an answer is read, unknown members are not") {
  const auto answer = completion_of(
    R"({"id":"x","object":"chat.completion","model":"gpt-4o-mini-2024","system_fingerprint":null,"choices":[{"index":0,
       "logprobs":null,"message":{"role":"assistant","content":"Hé\n🙂","refusal":null},"finish_reason":"length"}],
       "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"prompt_tokens_details":{"cached_tokens":0}}})");
  CHECK_EQ(answer.text, "Hé\n🙂");
  CHECK_EQ(answer.model, "gpt-4o-mini-2024");
  CHECK_EQ(answer.finish_reason, "length");
  CHECK_EQ(answer.usage.prompt_tokens, 3u);
  CHECK_EQ(answer.usage.completion_tokens, 4u);
  CHECK_EQ(answer.usage.total_tokens, 7u);
  CHECK(!answer.usage.estimated);
}

TEST("content may be empty, in parts, or a refusal") {
  CHECK_EQ(completion_of(with_message(R"({"content":""})")).text, "");
  CHECK_EQ(
    completion_of(
      with_message(R"({"content":[{"type":"text","text":"a"},{"type":"x"},{"type":"text","text":"b"}]})"))
      .text,
    "ab");
  CHECK_EQ(completion_of(with_message(R"({"content":null,"refusal":"I cannot."})")).text, "I cannot.");
}

TEST("missing and odd usage is tolerated") {
  CHECK_EQ(completion_of(with_message(R"({"content":"x"})")).usage.total_tokens, 0u);
  CHECK_EQ(completion_of(with_usage(R"({"prompt_tokens":3,"completion_tokens":4})")).usage.total_tokens, 7u);
  CHECK_EQ(completion_of(with_usage(R"({"prompt_tokens":-3,"completion_tokens":4.0})")).usage.total_tokens,
           4u);
  CHECK_EQ(completion_of(with_usage(R"({"prompt_tokens":1e300,"completion_tokens":"4"})")).usage.total_tokens,
           0u);
  CHECK_EQ(completion_of(with_usage(R"({"total_tokens":18446744073709551615})")).usage.total_tokens, 0u);
  CHECK_EQ(completion_of(with_usage("null")).usage.total_tokens, 0u);
  CHECK_EQ(completion_of(with_usage("[1]")).text, "x");
}

TEST("answers without choices or content say so") {
  for (const auto* body :
       {"{}", "[]", "1", R"({"choices":null})", R"({"choices":[]})", R"({"choices":{"0":1}})"})
    CHECK_EQ(error_of(200, body).kind, "no_choices");
  for (const auto* message : {"null", "{}", R"({"content":null})", R"({"content":[]})", R"({"content":7})"})
    CHECK_EQ(error_of(200, with_message(message)).kind, "no_content");
}

TEST("calls of tools are an answer") {
  const auto answer = completion_of(with_message(
    R"({"content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"a\":1}"}},)"
    R"({"id":"c2","type":"custom","custom":{"name":"run","input":"ls"}},{"function":{"name":"f","arguments":{"b":2}}}]})"));
  CHECK_EQ(answer.text, "");
  REQUIRE(answer.tool_calls.size() == 3);
  CHECK_EQ(answer.tool_calls[0].id, "c1");
  CHECK_EQ(answer.tool_calls[0].name, "look");
  CHECK_EQ(answer.tool_calls[0].arguments, R"({"a":1})");
  CHECK_EQ(answer.tool_calls[1].type, "custom");
  CHECK_EQ(answer.tool_calls[1].arguments, "ls");
  CHECK_EQ(answer.tool_calls[2].type, "function");
  CHECK_EQ(answer.tool_calls[2].arguments, R"({"b":2})");
}

TEST("every choice is read") {
  const auto answer = completion_of(
    R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"},{"message":{"content":"b"},"finish_reason":"length"},)"
    R"({"message":{"content":null,"tool_calls":[{"function":{"name":"f"}}]}}]})");
  CHECK_EQ(answer.text, "a");
  REQUIRE(answer.further_choices.size() == 2);
  CHECK_EQ(answer.further_choices[0].text, "b");
  CHECK_EQ(answer.further_choices[0].finish_reason, "length");
  CHECK_EQ(answer.further_choices[1].tool_calls.size(), 1u);
  std::string many = R"({"choices":[{"message":{"content":"a"}})";
  for (int i = 0; i < 200; ++i)
    many += R"(,{"message":{"content":"b"}})";
  CHECK_EQ(error_of(200, many + "]}").kind, "too_large");
}

TEST("a caller's options go before the configuration's") {
  auto c = config();
  c.temperature = 0.2;
  c.max_tokens = 64;
  c.stop = {"END"};
  const std::vector<chat_message> messages{{"user", "Hi"}};
  const auto value = json::parse(
    encode_openai(c, messages,
                  R"({"temperature":1,"max_completion_tokens":5,"n":2,"tools":[{"x":1}],)"
                  R"("model":"other","messages":[],"stream":true,"stream_options":{},"new":null})")
      .body);
  CHECK_EQ(value.at("temperature").as_int64(), 1);
  CHECK_EQ(value.at("max_completion_tokens").as_int64(), 5);
  CHECK(!value.as_object().contains("max_tokens"));
  CHECK_EQ(value.at("stop").at(0).as_string(), "END");
  CHECK_EQ(value.at("n").as_int64(), 2);
  CHECK_EQ(json::serialize(value.at("tools")), R"([{"x":1}])");
  CHECK_EQ(value.at("model").as_string(), "gpt-4o-mini");
  CHECK_EQ(value.at("messages").as_array().size(), 1u);
  CHECK(!value.as_object().contains("stream"));
  CHECK(!value.as_object().contains("stream_options"));
  CHECK(value.at("new").is_null());
}

TEST("what is no JSON is named") {
  const auto html = error_of(200, " <!DOCTYPE html><html>Sign in</html>");
  CHECK_EQ(html.kind, "invalid_json");
  CHECK(holds(html.message, "HTML"));
  CHECK(holds(error_of(200, "").message, "empty"));
  CHECK(holds(error_of(200, "upstream connect error").message, "upstream connect error"));
  CHECK(!holds(error_of(200, R"({"choices":[{"message":{"content":"private)").message, "private"));
  CHECK_EQ(error_of(200, "{} {}").kind, "invalid_json");
  CHECK_EQ(error_of(200, "{\"a\":\"\xff\"}").kind, "invalid_json");
}

TEST("depth and size are bounded") {
  const auto nested = [](std::size_t depth) {
    return R"({"deep":)" + std::string(depth, '[') + std::string(depth, ']') +
           R"(,"choices":[{"message":{"content":"x"}}]})";
  };
  CHECK_EQ(completion_of(nested(20)).text, "x");
  CHECK_EQ(error_of(200, nested(40)).kind, "invalid_json");
  CHECK_EQ(error_of(200, std::string(100'000, '[')).kind, "invalid_json");
  auto c = config();
  c.max_response_bytes = 10;
  const auto result = decode_openai(c, {}, 200, with_message(R"({"content":"x"})"));
  CHECK_EQ(std::get<generation_error>(result).kind, "too_large");
}

TEST("an HTTP error shows the provider's own words only") {
  const auto error = error_of(
    429,
    R"({"error":{"message":"Rate limit\nreached","type":"requests","code":"rate_limit_exceeded"},"prompt":"private"})");
  CHECK_EQ(error.kind, "http_status");
  CHECK_EQ(error.status, 429);
  CHECK_EQ(error.message, "the provider answered with status 429: Rate limit reached, type requests, code "
                          "rate_limit_exceeded");
  CHECK(holds(error_of(404, R"({"error":"model not found"})").message, "model not found"));
  CHECK(holds(error_of(400, R"({"object":"error","message":"too long"})").message, "too long"));
  CHECK(!holds(error_of(400, R"({"messages":[{"content":"private"}]})").message, "private"));
  CHECK(!holds(error_of(400, R"({"messages":[{"content":"private"})").message, "private"));
  CHECK_EQ(error_of(503, "").message, "the provider answered with status 503");
  CHECK(holds(error_of(502, "<html>Bad gateway</html>").message, "Bad gateway"));
  CHECK_EQ(error_of(200, R"({"error":{"message":"overloaded"}})").kind, "provider_error");
}

TEST("excerpts are short, printable, well-formed and without the key") {
  const auto keyed =
    error_of(401, R"({"error":{"message":"Incorrect API key provided: sk-test-0123456789."}})");
  CHECK(holds(keyed.message, "provided: ***."));
  std::string keys;
  for (int i = 0; i < 100; ++i)
    keys += "sk-test-0123456789";
  const auto repeated = error_of(500, keys);
  CHECK(!holds(repeated.message, "sk-"));
  std::string accents;
  for (int i = 0; i < 300; ++i)
    accents += "é";
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const auto message = error_of(500, std::string(shift, 'x') + accents).message;
    CHECK(message.size() < 260);
    CHECK(!json::parse('"' + message + '"').as_string().empty()); // well-formed
  }
  const auto binary = error_of(500, std::string_view{"a\0\x1b[31m\xff\xc3(\xed\xa0\x80", 14}).message;
  CHECK(std::ranges::none_of(binary, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  CHECK(holds(binary, "a??[31m?"));
  CHECK(!json::parse(json::serialize(json::string{binary})).as_string().empty());
}

TEST("tokens are counted as cl100k cuts them") {
  CHECK_EQ(estimate_tokens(""), 0u);
  CHECK_EQ(estimate_tokens("hello world"), 2u);
  CHECK_EQ(estimate_tokens("2 + 2 = 4"), 7u);
  CHECK_EQ(estimate_tokens("antidisestablishmentarianism"), 6u);
  CHECK_EQ(estimate_tokens("お誕生日おめでとう"), 10u);
  CHECK_EQ(estimate_tokens("1234567"), 3u);
  CHECK_EQ(estimate_tokens("it's"), 2u);
}

TEST("a known conversation is estimated within five percent") {
  // The published example of cl100k counting: 90 tokens of content (129 with framing, roles and names).
  std::uint64_t sum = 0;
  for (
    const auto* text : {
      "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
      "New synergies will help drive top-line growth.",
      "Things working well together will increase revenue.",
      "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
      "Let's talk later when we're less busy about how to do better.",
      "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    })
    sum += estimate_tokens(text);
  CHECK(sum >= 86 && sum <= 94);
}

TEST("the estimate is plausible, monotonic and linear") {
  const auto once = estimate_tokens(english);
  CHECK(once > english.size() / 6 && once < english.size() / 4);
  std::string many;
  for (int i = 0; i < 100; ++i)
    many.append(english).append(" ");
  const auto hundred = estimate_tokens(many);
  CHECK(hundred >= 99 * once && hundred <= 101 * once);
  std::uint64_t last = 0;
  for (std::size_t size = 0; size <= english.size(); size += 40) {
    const auto count = estimate_tokens(english.substr(0, size));
    CHECK(count >= last);
    last = count;
  }
}

TEST("any bytes have an estimate") {
  for (unsigned first = 0; first < 256; ++first)
    for (unsigned second = 0; second < 256; second += 3) {
      const char text[] = {static_cast<char>(first), static_cast<char>(second), 'a',
                           static_cast<char>(first)};
      const auto count = estimate_tokens({text, sizeof text});
      CHECK(count >= 1 && count <= 8);
    }
  CHECK(estimate_tokens(std::string(1 << 20, ' ')) > 0);
  CHECK(estimate_tokens(std::string(1 << 20, '\xe2')) > 0);
}
