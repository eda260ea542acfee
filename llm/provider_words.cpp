// Tells what providers write from what a model could have said.
#include "llm/provider_words.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <cstddef>

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

bool is_call_id(std::string_view text) noexcept {
  return !text.empty() && is_made_of(text, 64, true, "_-.:");
}

} // namespace guardrails::llm
