// Rows times topics.
#include "train/topic_trials.hpp"

#include <algorithm>

namespace guardrails::train {

allowed_topic read_topic(std::string_view line) {
  const auto row = parse_row(line);
  const auto* name = string_in(row, "name");
  if (name == nullptr || name->empty())
    throw row_error{"the topic has no `name`"};
  const auto* description = string_in(row, "description");
  return {{name->data(), name->size()},
          description == nullptr ? std::string{} : std::string{description->data(), description->size()},
          {}};
}

void add_examples(std::span<allowed_topic> topics, std::span<const labelled_text> rows, std::size_t most) {
  for (auto& topic : topics) {
    std::vector<const labelled_text*> own;
    for (const auto& row : rows)
      if (row.label == topic.name)
        own.push_back(&row);
    const auto wanted = std::min(most, own.size());
    for (std::size_t i = 0; i < wanted; ++i)
      topic.examples.push_back(own[i * own.size() / wanted]->text);
  }
}

std::vector<judged_row> try_topics(std::span<const allowed_topic> topics, std::span<const labelled_text> rows,
                                   const topic_scorer& make) {
  std::vector<judged_row> scored;
  scored.reserve(topics.size() * rows.size());
  for (const auto& topic : topics) {
    const auto score = make(topic);
    for (const auto& row : rows) {
      auto& trial = scored.emplace_back(with_score(row, score(row.text, checks::text_channel::user)));
      trial.result.y = row.label != topic.name;
      trial[row_trait::topic] = topic.name;
    }
  }
  return scored;
}

} // namespace guardrails::train
