// Scores the heads of the models against labelled rows.
#pragma once

#include "apps/eval_options.hpp"
#include "train/judged_row.hpp"
#include "train/topic_trials.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::apps {

/// The heads that `--task` may name, `offtopic` among them.
std::span<const std::string_view> head_tasks() noexcept;

/// What a model says of a text, from where on it blocks, and which model it is.
template <class Scorer>
struct head_model {
  Scorer score;
  double threshold = 0.5;
  std::string version;
};

/// Where the models come from: the embedded ones with `file` empty, else the one in that file. A head that
/// there is no model of is absent; a file that cannot be used is std::invalid_argument.
struct head_models {
  using text_model = head_model<train::text_scorer>;
  using topic_model = head_model<train::topic_scorer>;

  std::function<std::optional<text_model>(std::string_view head, const std::string& file)> of_head;
  std::function<std::optional<topic_model>(const std::string& file)> of_topics;
};

/// Prints the report of one head, and writes it where the options say: of `--task`, scored by a model, or of
/// `--head`, from rows with scores. Throws std::invalid_argument where there is no such model or nothing to
/// score, train::row_error, and std::runtime_error where a file cannot be read or written.
void evaluate_head(const eval_options& options, const head_models& models);

} // namespace guardrails::apps
