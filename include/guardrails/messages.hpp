// The fixed sentences a user may see, and their overrides (`guardrails.messages` in the configuration).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace guardrails {

/// One sentence: the key under `guardrails.messages` and its default text.
struct message_entry {
  std::string_view key;
  std::string_view text;
};

/// Looks sentences up by key; a key that is not overridden has its default text.
class message_catalog {
public:
  /// Every known key with its default: the checks in order of precedence, then the other reasons for a block
  /// (keyed like `block_reason`), then `passed`, `no_llm`, `input_suffix` and `output_suffix`.
  static std::span<const message_entry> defaults() noexcept;

  message_catalog() = default;

  /// Overrides the sentence of a known key. Throws std::out_of_range for an unknown one.
  void set(std::string_view key, std::string text);

  /// The sentence for `key`. Throws std::out_of_range for an unknown key.
  std::string_view text(std::string_view key) const;

  const std::map<std::string, std::string, std::less<>>& overrides() const noexcept { return overrides_; }

private:
  std::map<std::string, std::string, std::less<>> overrides_;
};

} // namespace guardrails
