// Azure's OpenAI: where it differs from OpenAI's own.
#define CAF_SUITE azure_openai
#include "llm/providers/provider_support.hpp" // first: older CAF test headers define `allow` as a macro

#include "tests/caf_test.hpp"

namespace {

using namespace guardrails;
using namespace guardrails::test;

llm_config config() {
  llm_config c;
  c.engine = llm_engine::azure_openai;
  c.model = "my gpt/4o";
  c.endpoint = "https://mine.openai.azure.example";
  c.api_version = "2024-10-21";
  c.api_key = secret{"azure-key-0123456789"};
  return c;
}

const std::vector<chat_message> hello{{"user", "Hi"}};

} // namespace

TEST("a call goes to the deployment, with the version and the key's own header") {
  const auto call = call_of(config(), hello);
  CHECK_EQ(call.url, "https://mine.openai.azure.example/openai/deployments/my%20gpt%2F4o/chat/completions"
                     "?api-version=2024-10-21");
  const std::vector<std::string> headers{"Content-Type: application/json", "api-key: azure-key-0123456789"};
  CHECK(call.headers == headers);
  CHECK(holds(call.body, R"("messages":[{"role":"user","content":"Hi"}])"));
  CHECK(holds(body_or_problem(config(), hello, R"({"seed":1})"), R"("seed":1)"));
}

TEST("what content filters found does not get in the way") {
  const auto got = decode(
    config(),
    R"({"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false}}}],)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop",)"
    R"("content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]})");
  CHECK_EQ(got.said.text, "x");
  const auto streamed = read_stream(
    config(),
    "data: {\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n"
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n");
  CHECK_EQ(streamed.error.kind, "none");
  CHECK_EQ(streamed.said.text, "x");
}

TEST("what they filter is an error of its own kind") {
  const auto got = decode(config(),
                          R"({"error":{"message":"The response was filtered","type":null,"param":"prompt",)"
                          R"("code":"content_filter","status":400,"innererror":{)"
                          R"("code":"ResponsibleAIPolicyViolation","content_filter_result":{}}}})",
                          400);
  CHECK_EQ(got.error.kind, "content_filter/400");
  CHECK_EQ(got.error.message,
           "the provider answered with status 400: The response was filtered, code content_filter");
  const auto removed = decode(
    config(), R"({"choices":[{"index":0,"message":{"role":"assistant"},"finish_reason":"content_filter"}]})");
  CHECK_EQ(removed.error.kind, "content_filter/200");
}
