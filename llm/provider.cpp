// The table of providers.
#include "llm/provider.hpp"

#include "llm/providers/formats.hpp"

namespace guardrails::llm {

const provider& provider_of(llm_engine engine) noexcept {
  switch (engine) {
  case llm_engine::azure_openai:
    return azure_openai;
  case llm_engine::anthropic:
    return anthropic;
  case llm_engine::gemini:
    return gemini;
  case llm_engine::bedrock:
    return bedrock;
  case llm_engine::openai:
  case llm_engine::openai_compatible:
  case llm_engine::echo: // is not asked
    break;
  }
  return openai;
}

} // namespace guardrails::llm
