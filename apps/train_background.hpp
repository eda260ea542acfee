// `train` for the background that the similarity of texts is measured against.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace guardrails::apps {

struct background_options {
  std::vector<std::string> data;
  std::vector<std::string> fields;
  std::string out;
  std::uint64_t seed = 1;
};

/// Trains, writes the model, prints what it holds.
void train_background(const background_options& options);

} // namespace guardrails::apps
