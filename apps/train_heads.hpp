// `train` for the heads of the learned checks.
#pragma once

#include "train/head_training.hpp"

#include <string>
#include <vector>

namespace guardrails::apps {

struct head_options {
  std::string task;
  std::vector<std::string> data;
  std::vector<std::string> positives;
  std::vector<std::string> negatives;
  std::vector<std::string> carriers;
  std::vector<std::string> labels;
  std::vector<std::string> labelled;
  std::vector<std::string> join;
  std::string out;
  std::string report; ///< file; empty: none
  std::uint64_t seed = 1;
};

/// Trains the head named by `task`, writes the model, prints what became of held-out rows.
void train_head(const head_options& options);

/// Joins model files, each with heads of its own, into one.
void join_heads(const head_options& options);

} // namespace guardrails::apps
