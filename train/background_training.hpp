// Makes the background that the similarity of texts is measured against (checks/similarity/) from plain
// texts.
#pragma once

#include "checks/similarity/background.hpp"
#include "train/word_vectors.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace guardrails::train {

struct plain_text {
  std::string text;
  std::string source; ///< the set it is of: small sets have a greater share of the texts kept
};

struct background_training {
  word_settings words;
  std::size_t texts = 1024; ///< kept, as vectors
  std::uint64_t seed = 1;
};

/// `fields` are lists of words that belong together, each text one list: they count as texts in which these
/// words are together. The same texts and seed give the same model.
checks::similarity::background_contents train_background(std::span<const plain_text> texts,
                                                         std::span<const plain_text> fields,
                                                         const background_training& how,
                                                         const std::function<void(const std::string&)>& tell);

} // namespace guardrails::train
