// Byte-level byte pair encoding: which tokens a vocabulary makes of a text.
#pragma once

#include <guardrails/rails_config.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace guardrails::llm {

using token_id = std::uint32_t;

/// Two neighbouring tokens that become one. Of all that apply, the lowest priority goes first, then the
/// leftmost.
struct merge_rule {
  token_id left = 0;
  token_id right = 0;
  token_id merged = 0;
  std::uint32_t priority = 0;
};

struct bytes_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view bytes) const noexcept {
    return std::hash<std::string_view>{}(bytes);
  }
};

/// Tokens by their bytes.
using token_map = std::unordered_map<std::string, token_id, bytes_hash, std::equal_to<>>;

/// What a vocabulary file says. Every single byte is a token, and the tokens of every rule are in the map.
struct bpe_vocabulary {
  token_map tokens;
  std::vector<merge_rule> merges; ///< no two of the same pair
  pretokenizer rules = pretokenizer::cl100k;
  bool whole_pieces_first = false; ///< a piece that is a token is that token, whatever the merges would make
  bool composed = false;           ///< the text is brought to Unicode's form NFC first
};

/// Merges by pair: open addressing, since this look-up is most of the work.
class merge_table {
public:
  explicit merge_table(const std::vector<merge_rule>& merges);

  /// Null when the pair does not merge.
  const merge_rule* find(token_id left, token_id right) const noexcept;

private:
  std::size_t slot_of(token_id left, token_id right) const noexcept;

  std::vector<merge_rule> slots_; // a free one merges into no_token
  unsigned shift_ = 0;
};

/// A compiled vocabulary: immutable, thread-safe. Special tokens are text like any other. Linear in the
/// length of the text: a piece longer than `longest_piece` is cut there, which costs a token at most.
class bpe_tokenizer {
public:
  static constexpr std::size_t longest_piece = 8 << 10; ///< bytes

  explicit bpe_tokenizer(bpe_vocabulary vocabulary);

  std::vector<token_id> encode(std::string_view text) const;

  /// How many tokens encode() makes. What it says once `stop`, asked now and then, is true counts for
  /// nothing.
  std::uint64_t count(std::string_view text, const std::function<bool()>& stop = {}) const;

  std::size_t tokens() const noexcept { return vocabulary_.tokens.size(); }

private:
  class piece_encoder;

  template <class Taker>
  void each_piece(std::string_view text, const std::function<bool()>& stop, Taker take) const;

  bpe_vocabulary vocabulary_;
  merge_table merges_;
  std::array<token_id, 256> bytes_{};
};

} // namespace guardrails::llm
