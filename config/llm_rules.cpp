// Knows where the providers are.
#include "config/llm_rules.hpp"

#include "config/judge_rules.hpp"

#include <string>

namespace guardrails::config {

namespace {

std::string address_of(const llm_config& llm) {
  switch (llm.engine) {
  case llm_engine::openai:
    return std::string{openai_url};
  case llm_engine::anthropic:
    return "https://api.anthropic.com/v1";
  case llm_engine::gemini:
    return "https://generativelanguage.googleapis.com/v1beta";
  case llm_engine::bedrock:
    return "https://bedrock-runtime." + llm.aws_region + ".amazonaws.com";
  case llm_engine::azure_openai:
  case llm_engine::openai_compatible:
  case llm_engine::echo:
    break;
  }
  return {};
}

void drop_slashes(std::string& url) {
  while (url.ends_with('/'))
    url.pop_back();
}

} // namespace

void complete_llm(llm_config& llm) {
  if (llm.base_url.empty())
    llm.base_url = address_of(llm);
  drop_slashes(llm.base_url);
  drop_slashes(llm.endpoint);
}

} // namespace guardrails::config
