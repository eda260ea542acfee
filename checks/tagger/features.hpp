// What the model may know about a token: hashes of words, their parts, shapes and neighbours.
#pragma once

#include "checks/tagger/tokens.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace guardrails::checks::tagger {

/// What a feature is about; training leaves out groups at random, so that no weight relies on one alone.
enum class feature_group : std::uint8_t { word, context, shape, lists };

inline constexpr std::size_t feature_count = 24;

/// The group of each feature, in the order of token_features.
extern const std::array<feature_group, feature_count> feature_groups;

/// Changes whenever features are computed differently.
inline constexpr std::uint32_t feature_version = 2;

/// The hashes of one token's features; punctuation has only the first half of them.
struct token_features {
  std::array<std::uint32_t, feature_count> hashes{};
  std::size_t count = 0;

  std::span<const std::uint32_t> used() const noexcept { return std::span{hashes}.first(count); }
};

/// Words that are usually written small, as a set of hashes: some that were never added are in it.
class vocabulary {
public:
  static constexpr unsigned bits = 18; ///< logarithm of the number of bits

  static constexpr std::size_t bytes = (std::size_t{1} << bits) / 8;

  explicit vocabulary(std::span<const std::uint8_t, bytes> set) noexcept
    : set_{set} {}

  bool contains(std::uint32_t word) const noexcept {
    const auto bit = position(word);
    return (set_[bit / 8] >> (bit % 8) & 1U) != 0;
  }

  static std::size_t position(std::uint32_t word) noexcept { return word >> (32 - bits); }

private:
  std::span<const std::uint8_t, bytes> set_;
};

/// What features need to know of each token, computed once.
class token_looks {
public:
  static constexpr std::size_t most_tokens = 256;

  /// At most `most_tokens` tokens.
  void assign(std::span<const token> tokens, const vocabulary& usual) noexcept;

  std::size_t size() const noexcept { return size_; }

  token_features features(std::size_t i) const noexcept;

private:
  struct look {
    std::uint32_t word = 0;
    std::uint32_t prefix = 0;
    std::uint32_t suffix2 = 0;
    std::uint32_t suffix3 = 0;
    std::uint32_t shape = 0;
    std::uint32_t full = 0; // shape, casing of the window, vocabulary, start of a sentence
    std::uint32_t lists = 0;
    std::uint32_t gap = 0;
    bool is_word = false;
  };

  // Two places before the first and after the last token.
  std::array<look, most_tokens + 4> looks_{};
  std::size_t size_ = 0;
};

} // namespace guardrails::checks::tagger
