// Where words stand among other words: those found in the same texts lie close together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::train {

struct word_settings {
  std::size_t dimensions = 64;
  std::size_t least_count = 3; ///< rarer words have no vector
  std::size_t reach = 10;      ///< words further apart are not together
  std::uint64_t seed = 1;
};

struct trained_word {
  std::uint32_t hash = 0;
  double share = 0; ///< of all words
  std::vector<float> vector;
};

/// Vectors of the words of texts, which are given as hashes in order, by hash: the main directions of how
/// much oftener than by chance two words are together. The same texts and seed give the same vectors.
std::vector<trained_word> train_words(std::span<const std::vector<std::uint32_t>> texts,
                                      const word_settings& how,
                                      const std::function<void(const std::string&)>& tell);

} // namespace guardrails::train
