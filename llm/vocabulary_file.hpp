// Vocabulary files as others publish them: tiktoken's lines of token and rank, Hugging Face's tokenizer.json.
#pragma once

#include "llm/bpe_tokenizer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::llm {

/// Longer files are refused.
inline constexpr std::size_t longest_vocabulary = 64 << 20; // bytes

/// Reads either form; a text that begins with `{` is a tokenizer.json. `rules` overrides how the file cuts
/// texts; a file in tiktoken's form says nothing about it, and is cut as cl100k without.
///
/// Throws config_error: for tiktoken's form with the line, for a tokenizer.json with the path in the document
/// as its key path. A tokenizer.json must be byte-level BPE; other models, and what changes a text in
/// another way than Unicode's NFC, are refused.
bpe_vocabulary read_vocabulary(std::string_view content, const std::string& source,
                               std::optional<pretokenizer> rules = std::nullopt);

} // namespace guardrails::llm
