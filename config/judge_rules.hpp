// What the keys of a remote judge must be like together.
#pragma once

#include <guardrails/rails_config.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::config {

/// OpenAI's own interfaces.
inline constexpr std::string_view openai_url = "https://api.openai.com/v1";

/// A key within the judge's section, and what is wrong about it.
struct judge_mistake {
  std::string key;
  std::string problem;
};

/// Fills in what depends on the engine; `given` says which keys stand in the section. Nothing: no mistake.
std::optional<judge_mistake> complete_judge(judge_config& judge,
                                            const std::function<bool(std::string_view)>& given);

} // namespace guardrails::config
