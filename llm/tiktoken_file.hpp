// tiktoken's form of a vocabulary: `BASE64 RANK` per line.
#pragma once

#include "llm/bpe_tokenizer.hpp"

#include <string>
#include <string_view>

namespace guardrails::llm {

/// Throws config_error naming the line.
bpe_vocabulary read_tiktoken(std::string_view content, const std::string& source, pretokenizer rules);

} // namespace guardrails::llm
