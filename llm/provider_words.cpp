// Tells what providers write from what a model could have said.
#include "llm/provider_words.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace guardrails::llm {

namespace {

bool is_made_of(std::string_view text, std::size_t longest, bool digits, std::string_view marks) noexcept {
  return text.size() <= longest && std::ranges::all_of(text, [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (digits && is_digit(c)) ||
                  marks.find(c) != std::string_view::npos;
         });
}

bool has_digits_in_a_row(std::string_view text, std::size_t least) noexcept {
  std::size_t row = 0;
  return std::ranges::any_of(text, [&](char c) { return (row = is_digit(c) ? row + 1 : 0) == least; });
}

} // namespace

std::string_view model_name_of(std::string_view text) noexcept {
  return is_made_of(text, 128, true, "._-:/+") && !has_digits_in_a_row(text, 9) ? text : std::string_view{};
}

std::string_view finish_reason_of(std::string_view text) noexcept {
  return is_made_of(text, 32, false, "_") ? text : std::string_view{};
}

std::string_view openai_reason_of(std::string_view text) noexcept {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> reasons{{
    {"end_turn", "stop"},
    {"stop_sequence", "stop"},
    {"max_tokens", "length"},
    {"model_context_window_exceeded", "length"},
    {"tool_use", "tool_calls"},
    {"refusal", "content_filter"},
    {"guardrail_intervened", "content_filter"},
    {"content_filtered", "content_filter"},
    {"STOP", "stop"},
    {"MAX_TOKENS", "length"},
    {"SAFETY", "content_filter"},
    {"RECITATION", "content_filter"},
    {"BLOCKLIST", "content_filter"},
    {"PROHIBITED_CONTENT", "content_filter"},
    {"SPII", "content_filter"},
  }};
  const auto known = std::ranges::find(reasons, text, &std::pair<std::string_view, std::string_view>::first);
  return known == reasons.end() ? finish_reason_of(text) : known->second;
}

bool is_call_id(std::string_view text) noexcept {
  return !text.empty() && is_made_of(text, 64, true, "_-.:");
}

} // namespace guardrails::llm
