// What an error text may quote of what an upstream sent: neither keys nor the conversation.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::llm {

/// Quotes an upstream that was asked under `config` with `sent`; holds views of both.
class quotation {
public:
  static constexpr std::size_t longest = 200; ///< bytes of a quotation

  quotation(const llm_config& config, std::span<const chat_message> sent)
    : config_{config}
    , sent_{sent} {}

  /// A short, printable, well-formed piece of `text`. Runs of six bytes and more of a key show as
  /// `***`. A text that repeats twelve letters or digits of a message in a row, six digits, or a shorter
  /// message whole, plainly or with escapes (escapes.hpp), is not shown at all. Linear in the messages.
  std::string of(std::string_view text) const;

private:
  const llm_config& config_;
  std::span<const chat_message> sent_;
};

} // namespace guardrails::llm
