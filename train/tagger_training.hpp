// Trains the tagger of persons, places and the like.
#pragma once

#include "checks/tagger/model.hpp"
#include "train/annotated_text.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace guardrails::train {

/// How a tagger is trained. The defaults were chosen on the development rows (checks/models/README.md).
struct tagger_training {
  std::uint64_t seed = 1;
  unsigned epochs = 8;
  unsigned bucket_bits = 15;     ///< logarithm of the number of weight rows
  unsigned annotated_visits = 4; ///< of an annotated row in an epoch, each written differently
  double plain_share = 0.1;      ///< of the plain texts visited in an epoch

  /// Shares of tokens for which training leaves out a group of features, in the order of feature_group. There
  /// are few rows with few different sentences: without it, every name would be learnt from the words around
  /// it.
  std::array<double, 4> left_out{0.5, 0.5, 0.3, 0.3};
  double without_vocabulary = 0.1; ///< share of visits
  double exchanged = 0.7;          ///< share of visits in which names of other rows stand in the sentence
  float rate = 0.05F;              ///< of the first step (sequence_model::settings)
  float decay = 1e-4F;

  /// Added to the score of beginning an entity, in the order of `entity`, as a logarithm: a name that stays
  /// unmasked does more harm than a word that is masked for nothing.
  std::array<float, checks::tagger::entity_count> eagerness{1.5F, 0.0F, 0.5F, 1.75F, 1.5F};
};

/// After each epoch: its number from 1 and the mean loss of a token.
using progress = std::function<void(unsigned epoch, double loss)>;

/// `annotated` rows say what every token is; of `plain` texts only ordinary small words are taken to be
/// outside of all entities, and nothing is taken from the rest. The same rows in the same order and the same
/// seed give the same model in the same build. Throws row_error where there are no annotated rows.
checks::tagger::model_contents train_tagger(std::span<const annotated_text> annotated,
                                            std::span<const std::string> plain, const tagger_training& how,
                                            const progress& report = {});

} // namespace guardrails::train
