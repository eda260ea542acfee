// Keys of language models, embeddings, speech and the services around them.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> language_model_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    // `T3BlbkFJ` is Base64 for OpenAI and stands in the middle of every key of theirs.
    {"OPENAI_API_KEY", "sk-",
     "(?:(?:proj|svcacct|admin|service)-)?[0-9A-Za-z_-]{16,180}T3BlbkFJ[0-9A-Za-z_-]{16,180}"},
    {"LANGUAGE_MODEL_API_KEY", "sk-", "[0-9A-Za-z]{32,64}"},
    {"ANTHROPIC_API_KEY", "sk-ant-", "(?:api|admin|oat|ort|sid)[0-9]{2}-[0-9A-Za-z_-]{80,110}AA"},
    {"OPENROUTER_API_KEY", "sk-or-v1-", "[0-9a-f]{64}"},
    {"HUGGINGFACE_TOKEN", "hf_", "[A-Za-z]{34}"},
    {"HUGGINGFACE_TOKEN", "api_org_", "[A-Za-z]{34}"},
    {"GROQ_API_KEY", "gsk_", "[0-9A-Za-z]{48,52}"},
    {"REPLICATE_API_TOKEN", "r8_", "[0-9A-Za-z]{37}"},
    {"PERPLEXITY_API_KEY", "pplx-", "[0-9A-Za-z]{48}"},
    {"XAI_API_KEY", "xai-", "[0-9A-Za-z]{80}"},
    {"FIREWORKS_API_KEY", "fw_", "[0-9A-Za-z]{22,24}"},
    {"TOGETHER_API_KEY", "tgp_v1_", "[0-9A-Za-z_-]{43}"},
    {"ELEVENLABS_API_KEY", "sk_", "[0-9a-f]{48}"},
    {"LANGSMITH_API_KEY", "lsv2_", "(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"},
    {"LANGFUSE_SECRET_KEY", "sk-lf-", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"},
    {"NVIDIA_API_KEY", "nvapi-", "[0-9A-Za-z_-]{60,70}"},
    {"CEREBRAS_API_KEY", "csk-", "[0-9a-z]{48}"},
    {"JINA_API_KEY", "jina_", "[0-9A-Za-z_-]{55,70}"},
    {"TAVILY_API_KEY", "tvly-", "[0-9A-Za-z_-]{28,48}"},
    {"VOYAGE_API_KEY", "pa-", "[0-9A-Za-z_-]{43}", 4},
    {"PINECONE_API_KEY", "pcsk_", "[0-9A-Za-z_]{50,80}"},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
