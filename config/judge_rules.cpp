// Which engine of a judge needs, and takes, which keys.
#include "config/judge_rules.hpp"

#include <array>
#include <span>

namespace guardrails {

// Here, since g++ 12 takes members of a config for uninitialised where this is inlined.
judge_config::judge_config() = default;

} // namespace guardrails

namespace guardrails::config {

namespace {

using given_function = std::function<bool(std::string_view)>;

constexpr std::array<std::string_view, 13> keys_of_remotes{
  "format", "model", "api_key", "base_url", "timeout", "connect_timeout", "thresholds",
  "batch",  "cache", "retries", "pool",     "proxy",   "ca_file"};

std::optional<judge_mistake> misplaced(std::span<const std::string_view> keys, const given_function& given,
                                       const std::string& problem) {
  for (const auto key : keys)
    if (given(key))
      return judge_mistake{std::string{key}, problem};
  return std::nullopt;
}

std::optional<judge_mistake> without_judge(const given_function& given) {
  return misplaced(keys_of_remotes, given,
                   "is set without a remote judge; expected engine openai_moderation or openai_compatible");
}

std::optional<judge_mistake> complete_moderation(judge_config& judge, const given_function& given) {
  static constexpr std::array<std::string_view, 1> foreign{"format"};
  if (auto mistake = misplaced(foreign, given,
                               "does not belong to engine openai_moderation; it is for "
                               "openai_compatible"))
    return mistake;
  if (judge.base_url.empty())
    judge.base_url = openai_url;
  if (judge.api_key.empty() && judge.base_url == openai_url)
    return judge_mistake{"api_key", "is missing; engine openai_moderation requires it"};
  if (judge.model.empty())
    judge.model = "omni-moderation-latest";
  return std::nullopt;
}

std::optional<judge_mistake> complete_chat(const judge_config& judge, const given_function& given) {
  static constexpr std::array<std::string_view, 2> foreign{"thresholds", "batch"};
  if (auto mistake = misplaced(foreign, given,
                               "does not belong to engine openai_compatible; it is for "
                               "openai_moderation"))
    return mistake;
  if (judge.base_url.empty())
    return judge_mistake{"base_url", "is missing; engine openai_compatible requires it"};
  if (judge.model.empty())
    return judge_mistake{"model", "is missing; engine openai_compatible requires it"};
  return std::nullopt;
}

} // namespace

std::optional<judge_mistake> complete_judge(judge_config& judge, const given_function& given) {
  while (judge.base_url.ends_with('/'))
    judge.base_url.pop_back();
  switch (judge.engine) {
  case judge_engine::embedded:
    return without_judge(given);
  case judge_engine::openai_moderation:
    return complete_moderation(judge, given);
  case judge_engine::openai_compatible:
    return complete_chat(judge, given);
  }
  return std::nullopt;
}

} // namespace guardrails::config
