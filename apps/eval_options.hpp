// What `guardrails eval` was asked for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::apps {

struct eval_options {
  std::string task;
  std::vector<std::string> data;
  std::vector<std::string> negatives;
  std::vector<std::string> scores;
  std::string head;
  std::string model;
  std::optional<double> threshold; ///< absent: the model's own
  std::string topics;
  std::vector<std::string> examples;
  std::size_t examples_per_topic = 50;
  std::string html;
  std::string svg;
  bool json = false;
  bool misses = false;
};

} // namespace guardrails::apps
