// Trains one head, and the heads that refine it.
#pragma once

#include "checks/models/head_model.hpp"
#include "train/augmentation.hpp"
#include "train/labelled_text.hpp"
#include "train/margin_classifier.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::train {

/// How a head is trained. The defaults were chosen by leaving out whole sources (docs/models.md).
struct head_training {
  checks::models::head of = checks::models::head::injection;
  margin_settings margins;
  augmentation made;
  double source_evenness = 0.5; ///< 0: each row counts alike; 1: each large source does
  double positive_share = 0.25; ///< of the texts that the probabilities are about
  double false_alarms = 0.01;   ///< share of held-out negative rows above the threshold, sources evened
};

/// What became of the rows of one source while they were held out; shares at the threshold.
struct source_report {
  std::string source;
  std::size_t positives = 0;
  std::size_t negatives = 0;
  double recall = 0; ///< while a quarter of each source's rows was held out
  double false_alarms = 0;
  double strange_recall = 0; ///< while the whole source was held out, if it has rows of one kind only
  double strange_false_alarms = 0;
};

struct head_report {
  checks::models::head of = checks::models::head::injection;
  std::size_t positives = 0;
  std::size_t negatives = 0;
  std::size_t made = 0; ///< rows made of them
  unsigned passes = 0;
  double auroc = 0;                    ///< of rows while a quarter of each source's was held out
  std::optional<double> strange_auroc; ///< while whole sources were; absent where there are too few
  double threshold = 0;
  std::vector<source_report> sources;
};

struct trained_heads {
  checks::models::model_contents contents;
  std::vector<head_report> reports; ///< the head's, then those of the ones that refine it
};

/// The settings for a head: rows joined to others help where attacks hide among other text.
head_training settings_for(checks::models::head of);

/// Rows of other heads are left out. A head that refines this one is trained where at least 20 positive rows
/// have its label, and 20 another. Probabilities come from rows that were held out of training, a
/// quarter of each source at a time, and then whole sources, those that have rows of one kind only;
/// thresholds from the former. The same rows in the same order and the same seed give the same heads. Throws
/// row_error where there are not at least 4 rows of either kind.
trained_heads train_heads(std::span<const labelled_text> rows, std::span<const std::string> carriers,
                          const head_training& how,
                          const std::function<void(const std::string&)>& progress = {});

} // namespace guardrails::train
