// The interfaces and formats that judges speak, one file each.
#pragma once

#include "llm/json_reader.hpp"
#include "llm/judges/judge_codec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::llm {

// -- OpenAI's moderation interface (openai_moderation.cpp)

std::string moderation_body(const judge_config& config, std::span<const judged_text> texts);
std::variant<std::vector<judge_verdict>, judge_failure>
read_moderation(const judge_config& config, std::size_t texts, const boost::json::value& body);

// -- chat completions (chat_verdict.cpp)

/// What a chat model is sent; empty messages are left out.
struct verdict_prompt {
  std::string system;
  std::string user;
  std::string assistant;
  unsigned max_tokens = 0;
  bool wants_json = false;
  bool wants_chances = false; ///< of the first words it might have said
};

/// A word the model might have said first, and how likely.
struct likely_word {
  std::string word; ///< without blanks, in small letters
  double probability = 0;
};

struct verdict_reply {
  std::string text;
  std::vector<likely_word> first_words; ///< empty: the server says nothing about that
};

std::string chat_body(const judge_config& config, const verdict_prompt& prompt);
std::variant<verdict_reply, judge_failure> read_chat(const boost::json::value& body);

/// How likely `yes` was as the first word rather than `no`; nothing when the reply does not say.
std::optional<double> probability_of(const verdict_reply& reply, std::string_view yes, std::string_view no);

// -- formats of chat models (a file each)

verdict_prompt prompt_json_verdict(judge_subject subject, const judged_text& text);
std::variant<judge_verdict, judge_failure> read_json_verdict(judge_subject subject,
                                                             const verdict_reply& reply);

verdict_prompt prompt_llama_guard(const judged_text& text);
std::variant<judge_verdict, judge_failure> read_llama_guard(judge_subject subject,
                                                            const verdict_reply& reply);

verdict_prompt prompt_shieldgemma(const judged_text& text);
std::variant<judge_verdict, judge_failure> read_shieldgemma(const verdict_reply& reply);

// -- what they share

/// `text` as a JSON string in which nothing is left of what chat templates are made of: line breaks, `<`, `>`
/// and brackets as in `[INST]` are escapes. It cannot end its place or begin another turn.
std::string quoted_as_data(std::string_view text);

/// What is wrong at `place` of an answer.
judge_failure malformed(std::string_view place, std::string_view problem);

std::string_view without_blanks(std::string_view text) noexcept;

} // namespace guardrails::llm
