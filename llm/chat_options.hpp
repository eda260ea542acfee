// What a caller wants of a model beside the messages, read out of OpenAI's terms for providers with others.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::llm {

struct tool_definition {
  std::string name;
  std::string description;       ///< may be empty
  boost::json::value parameters; ///< a JSON Schema; null: it takes none
};

enum class tool_choice : std::uint8_t { automatic, none, required, named };

struct chat_options {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<double> presence_penalty;
  std::optional<double> frequency_penalty;
  std::optional<std::int64_t> max_tokens;
  std::optional<std::int64_t> top_k;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> choices; ///< more than 1
  std::vector<std::string> stop;
  std::vector<tool_definition> tools;
  std::optional<llm::tool_choice> choice;
  std::string chosen_tool; ///< of tool_choice::named
  bool one_call_at_most = false;
  bool json_answer = false;
  boost::json::value answer_schema; ///< null: any JSON
};

/// What a provider has a form for, beside what all have.
struct option_forms {
  bool top_k = false;
  bool seed = false;
  bool penalties = false;
  bool choices = false;
  bool one_call_at_most = false;
  bool json_answer = false;
};

/// `options` as in a generation_request; where they say nothing, the configuration does. Options that only
/// name or file a request (`user`, `metadata`, …) and those that say what goes without saying (`n: 1`) need
/// no form; an error names any other that has none (kind `invalid_request`).
std::variant<chat_options, generation_error> read_options(const llm_config& config, std::string_view options,
                                                          const option_forms& forms);

} // namespace guardrails::llm
