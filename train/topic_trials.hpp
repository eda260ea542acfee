// Scores of an off-topic check: every topic in turn is the only one allowed.
#pragma once

#include "train/judged_row.hpp"

#include <guardrails/rails_config.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// What scores how far texts are from a topic.
using topic_scorer = std::function<text_scorer(const allowed_topic& topic)>;

/// Reads a line of JSON: the string `name` and optionally `description`. Throws row_error.
allowed_topic read_topic(std::string_view json);

/// Gives each topic up to `most` texts of the rows whose label is its name, spread evenly over them.
void add_examples(std::span<allowed_topic> topics, std::span<const labelled_text> rows, std::size_t most);

/// Every row with every topic: `y` is whether its label is another one's. A row whose label no topic has is
/// off every topic.
std::vector<judged_row> try_topics(std::span<const allowed_topic> topics, std::span<const labelled_text> rows,
                                   const topic_scorer& make);

} // namespace guardrails::train
