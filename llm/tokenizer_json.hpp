// Hugging Face's tokenizer.json, as far as it describes byte-level BPE.
#pragma once

#include "llm/bpe_tokenizer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace guardrails::llm {

/// Throws config_error whose key path is the path in the document; syntax errors name the line. Added tokens
/// and the post-processor, which only frame a text, are left out of account.
bpe_vocabulary read_tokenizer_json(std::string_view content, const std::string& source,
                                   std::optional<pretokenizer> rules);

} // namespace guardrails::llm
