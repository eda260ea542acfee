// Counts tokens: by a vocabulary where one is loaded, else by the estimate.
#pragma once

#include "llm/bpe_tokenizer.hpp"
#include "llm/chat_codec.hpp"

#include <memory>
#include <span>
#include <utility>

namespace guardrails::llm {

/// Copies share the vocabulary. Thread-safe. What it says once `stop` is true counts for nothing.
class token_counter {
public:
  token_counter() = default;
  explicit token_counter(bpe_vocabulary vocabulary)
    : tokenizer_{std::make_shared<const bpe_tokenizer>(std::move(vocabulary))} {}

  std::uint64_t count(std::string_view text, const std::function<bool()>& stop = {}) const {
    return tokenizer_ ? tokenizer_->count(text, stop) : estimate_tokens(text, stop);
  }

  /// A conversation, with cl100k's framing: four tokens for each message, three that prime the answer.
  std::uint64_t count(std::span<const chat_message> messages, const std::function<bool()>& stop = {}) const {
    std::uint64_t sum = 3;
    for (const auto& message : messages)
      sum += 4 + count(message.content, stop);
    return sum;
  }

  /// Tokens of the vocabulary; 0 without one.
  std::size_t vocabulary_tokens() const noexcept { return tokenizer_ ? tokenizer_->tokens() : 0; }

private:
  std::shared_ptr<const bpe_tokenizer> tokenizer_;
};

} // namespace guardrails::llm
