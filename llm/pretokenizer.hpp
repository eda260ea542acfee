// Cuts a text into the pieces within which BPE merges, as the regular expressions of known vocabularies do.
#pragma once

#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <string_view>

namespace guardrails::llm {

/// Where the piece that begins at byte `at` ends; `at` must lie in the text. Bytes that are not UTF-8 count
/// as symbols. Over a whole text the cost is linear.
std::size_t piece_end(pretokenizer rules, std::string_view text, std::size_t at) noexcept;

} // namespace guardrails::llm
