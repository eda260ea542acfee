// What texts in general look like: how telling n-grams are, which words go together, and texts of all kinds.
// How it lies in a file, and the reading and writing of it.
#pragma once

#include "checks/models/model_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::checks::similarity {

using models::model_error;

/// Numbers in the vector of a word: where it stands among other words.
inline constexpr std::size_t meaning_width = 64;
using word_vector = std::array<std::int8_t, meaning_width>;

/// Places that n-grams fall on by their hash.
inline constexpr std::size_t wording_width = 2048;

inline constexpr unsigned gram_bits = 16; ///< n-grams whose hashes begin alike count as one
inline constexpr float gram_unit = 64;    ///< a weight of 1, as it is stored

struct word_place {
  std::uint32_t hash = 0;
  float scale = 0; ///< of the vector: the rarer the word the greater
  word_vector vector{};
};

/// A text as its vector lies in a file: what it is about, and how it is worded.
struct sampled_text {
  struct part {
    std::uint16_t place = 0;
    std::int8_t value = 0;
  };

  word_vector meaning{};
  std::vector<part> wording;
};

/// What a file holds.
struct background_contents {
  std::vector<std::uint8_t> gram_weights; ///< 2^gram_bits
  std::vector<word_place> words;          ///< by hash, each once
  std::array<float, meaning_width> usual_meaning{};
  std::vector<sampled_text> texts;
};

/// A trained background, read-only. Copies share its bytes.
class background {
public:
  static constexpr std::size_t most_words = 1U << 17;
  static constexpr std::size_t most_texts = 1U << 12;

  struct word {
    std::span<const std::uint8_t, meaning_width> vector; ///< two's complement
    float scale;
  };

  /// Reads what write() wrote. `bytes` must outlive it. Throws model_error for anything else, for bytes
  /// damaged on the way, and for a model that was trained with other n-grams.
  explicit background(std::span<const std::uint8_t> bytes);

  /// The same, with bytes that are kept as long as a copy of it.
  static background keeping(std::vector<std::uint8_t> bytes);

  float weight(std::uint32_t gram) const noexcept {
    return static_cast<float>(gram_weights_[gram >> (32 - gram_bits)]) / gram_unit;
  }

  /// Absent for a word that was not seen in training.
  std::optional<word> find(std::uint32_t hash) const noexcept;

  const std::array<float, meaning_width>& usual_meaning() const noexcept { return usual_; }
  const std::vector<sampled_text>& texts() const noexcept { return texts_; }

  /// Names these weights and no others.
  const std::string& version() const noexcept { return version_; }

private:
  std::uint32_t key(std::size_t index) const noexcept { return models::number32_at(keys_, 4 * index); }
  void read_words(std::size_t count);
  void read_texts(std::span<const std::uint8_t> bytes, std::size_t count);

  std::span<const std::uint8_t> gram_weights_;
  std::span<const std::uint8_t> keys_;
  std::span<const std::uint8_t> scales_;
  std::span<const std::uint8_t> vectors_;
  std::array<float, meaning_width> usual_{};
  std::vector<sampled_text> texts_;
  std::string version_;
  std::shared_ptr<const std::vector<std::uint8_t>> kept_; // null: somebody else keeps the bytes
};

/// The file's bytes.
std::vector<std::uint8_t> write(const background_contents& contents);

} // namespace guardrails::checks::similarity
