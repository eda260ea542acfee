// The default sentences, in order of precedence, and the lookup of overridden ones.
#include <guardrails/messages.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace guardrails {

namespace {

constexpr auto sentences = std::to_array<message_entry>({
  {"toxicity", "Toxic content detected."},
  {"sensitive_data", "Sensitive data detected."},
  {"jailbreak", "Jailbreak attempt detected."},
  {"malicious", "Malicious content detected."},
  {"prompt_injection", "Prompt injection detected."},
  {"malicious_code_injection", "Malicious code injection detected."},
  {"harmful", "Harmful content detected."},
  {"hallucination", "Hallucination risk detected."},
  {"routes", "Content of a blocked class detected."},
  {"off_topic", "Off-topic request detected."},
  {"sql", "Invalid SQL detected."},
  {"block_list", "Blocked term detected."},
  {"invisible_text", "Invisible text detected."},
  {"urls", "URL policy violation detected."},
  {"languages", "Language not allowed."},
  {"output_json", "Invalid JSON detected."},
  {"self_check", "Self-check failed."},
  {"groundedness", "Ungrounded answer detected."},
  {"pii", "PII policy violation detected."},
  {"exfiltration", "Data exfiltration detected."},
  {"token_budget", "Token budget exceeded."},
  {"llm_error", "The language model is unavailable."},
  {"no_user_input", "No user message provided."},
  {"rate_limited", "Rate limit exceeded."},
  {"overloaded", "The service is overloaded. Please retry."},
  {"timeout", "The request timed out."},
  {"cancelled", "The request was cancelled."},
  {"check_error", "A safety check could not be completed."},
  {"passed", "All checks passed"},
  {"no_llm", "Input validation passed. No LLM configured."},
  {"input_suffix", "Please rephrase your input."},
  {"output_suffix", "LLM response has been blocked."},
});

const message_entry& known(std::string_view key) {
  const auto found = std::ranges::find(sentences, key, &message_entry::key);
  if (found == sentences.end())
    throw std::out_of_range{"no message is called " + std::string{key}};
  return *found;
}

} // namespace

std::span<const message_entry> message_catalog::defaults() noexcept {
  return sentences;
}

void message_catalog::set(std::string_view key, std::string text) {
  overrides_.insert_or_assign(std::string{known(key).key}, std::move(text));
}

std::string_view message_catalog::text(std::string_view key) const {
  if (const auto found = overrides_.find(key); found != overrides_.end())
    return found->second;
  return known(key).text;
}

} // namespace guardrails
