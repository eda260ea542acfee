// What is taken for a provider's word.
#define CAF_SUITE provider_words
#include "llm/provider_words.hpp"

#include "tests/caf_test.hpp"

#include <string>

using namespace guardrails::llm;

TEST("names of models") {
  for (const std::string name :
       {"gpt-4o-mini-2024-07-18", "meta-llama/Llama-3.1-8B-Instruct", "mock", "m:20240718+x"})
    CHECK_EQ(model_name_of(name), name);
  for (const std::string wrong : {"", "anna@example.com", "my card 4111", "4111111111111111", "a\nb"})
    CHECK_EQ(model_name_of(wrong), "");
  CHECK_EQ(model_name_of(std::string(129, 'a')), "");
}

TEST("reasons to end, and names of calls") {
  for (const std::string reason : {"stop", "tool_calls", "MAX_TOKENS"})
    CHECK_EQ(finish_reason_of(reason), reason);
  for (const std::string wrong : {"", "call 555", "stop1", "a@b"})
    CHECK_EQ(finish_reason_of(wrong), "");
  for (const auto* id : {"call_1", "toolu_01A-b", "functions.search:0"})
    CHECK(is_call_id(id));
  for (const auto* wrong : {"", "a b", "anna@example.com", "\xC3\xA4"})
    CHECK(!is_call_id(wrong));
  CHECK(!is_call_id(std::string(65, 'a')));
}
