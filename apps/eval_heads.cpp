// Rows, their scores, the report.
#include "apps/eval_heads.hpp"

#include "apps/terminal_text.hpp"
#include "apps/write_file.hpp"
#include "checks/models/heads.hpp"
#include "train/labelled_rows.hpp"
#include "train/report_tables.hpp"
#include "train/row_files.hpp"
#include "train/score_page.hpp"

#include <guardrails/utf8.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>

namespace guardrails::apps {

namespace {

constexpr std::string_view offtopic = "offtopic";
constexpr double usual_threshold = 0.5;

constexpr auto tasks = [] {
  std::array<std::string_view, checks::models::reported_heads + 1> all{};
  std::copy_n(checks::models::head_names.begin(), checks::models::reported_heads, all.begin());
  all.back() = offtopic;
  return all;
}();

// Where a row's text comes from when the row does not say.
checks::text_channel usual_channel(std::string_view head) noexcept {
  if (head == "injection_data")
    return checks::text_channel::data;
  return head == "complied" || head == "hedge" ? checks::text_channel::output : checks::text_channel::user;
}

// Rows and their scores; with topics, the rows come again for each.
struct judged_rows {
  std::vector<train::labelled_text> rows;
  std::vector<train::judged_row> scored;
  std::string scored_by;
  double threshold = usual_threshold;
};

bool is_of(const train::labelled_text& row, std::string_view head) {
  return row.head.empty() || row.head == head;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names)
    all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

void take_scored(judged_rows& all, std::vector<train::scored_text> scored) {
  for (auto& [row, score] : scored) {
    all.scored.push_back(train::with_score(row, score));
    all.rows.push_back(std::move(row));
  }
}

judged_rows from_scores(const eval_options& options) {
  judged_rows all;
  auto own = train::scored_rows(train::row_files(options.scores), options.head);
  std::erase_if(own, [&](const train::scored_text& scored) { return !is_of(scored.row, options.head); });
  take_scored(all, std::move(own));
  take_scored(
    all, train::scored_rows(train::row_files(options.negatives), options.head, train::row_label::negative));
  all.scored_by = joined(options.scores);
  return all;
}

std::vector<train::labelled_text> rows_of_head(const eval_options& options) {
  auto rows = train::labelled_rows(train::row_files(options.data));
  std::erase_if(rows, [&](const train::labelled_text& row) { return !is_of(row, options.task); });
  std::ranges::move(train::labelled_rows(train::row_files(options.negatives), train::row_label::negative),
                    std::back_inserter(rows));
  return rows;
}

[[noreturn]] void refuse_without_model(const eval_options& options) {
  throw std::invalid_argument{"there is no model of `" + options.task +
                              "`; scores that are there already can be given with --scores and --head"};
}

judged_rows by_model(const eval_options& options, const head_models& models) {
  const auto model = models.of_head ? models.of_head(options.task, options.model) : std::nullopt;
  if (!model)
    refuse_without_model(options);
  judged_rows all{rows_of_head(options), {}, model->version, model->threshold};
  all.scored = train::score_rows(all.rows, model->score, usual_channel(options.task));
  return all;
}

std::vector<allowed_topic> topics_of(const eval_options& options) {
  if (options.topics.empty())
    throw std::invalid_argument{"offtopic needs --topics: a file of topics with `name` and `description`"};
  std::vector<allowed_topic> topics;
  train::read_rows(
    train::row_files(std::vector{options.topics}),
    [&](std::string_view line, const train::row_place&) { topics.push_back(train::read_topic(line)); });
  const auto examples = train::labelled_rows(train::row_files(options.examples), train::row_label::negative);
  train::add_examples(topics, examples, options.examples_per_topic);
  return topics;
}

judged_rows by_topic(const eval_options& options, const head_models& models) {
  const auto model = models.of_topics ? models.of_topics(options.model) : std::nullopt;
  if (!model)
    refuse_without_model(options);
  if (!options.negatives.empty())
    throw std::invalid_argument{"offtopic has no --negatives: labels say what is off a topic"};
  const auto topics = topics_of(options);
  judged_rows all;
  // The labels say what is off which topic, the rows' `y` nothing.
  all.rows = train::labelled_rows(train::row_files(options.data), train::row_label::negative);
  all.scored = train::try_topics(topics, all.rows, model->score);
  all.scored_by = model->version;
  all.threshold = model->threshold;
  return all;
}

judged_rows judge(const eval_options& options, const head_models& models) {
  if (!options.scores.empty())
    return from_scores(options);
  return options.task == offtopic ? by_topic(options, models) : by_model(options, models);
}

void print_misses(const judged_rows& all, double threshold) {
  for (std::size_t i = 0; i < all.scored.size(); ++i) {
    const auto& [score, y] = all.scored[i].result;
    if ((score >= threshold) != y)
      std::cerr << (y ? "missed " : "wrong  ") << train::shown(score) << ' '
                << printable(all.scored[i][train::row_trait::source]) << ": "
                << printable(all.rows[i % all.rows.size()].text) << '\n';
  }
}

void publish(const train::score_report& report, const eval_options& options) {
  if (!options.html.empty())
    write_file(options.html, train::to_html(report));
  if (!options.svg.empty())
    write_file(options.svg, train::reliability_svg(report));
  if (options.json)
    std::cout << boost::json::serialize(train::to_json(report)) << '\n';
  else
    std::cout << printable(train::to_text(report));
}

} // namespace

std::span<const std::string_view> head_tasks() noexcept {
  return tasks;
}

void evaluate_head(const eval_options& options, const head_models& models) {
  const auto all = judge(options, models);
  const auto& head = options.scores.empty() ? options.task : options.head;
  if (all.scored.empty())
    throw std::invalid_argument{"there are no rows of `" + head + "`"};
  const auto threshold = options.threshold.value_or(all.threshold);
  if (options.misses)
    print_misses(all, threshold);
  publish(train::report_on(all.scored, well_formed(head), well_formed(all.scored_by), threshold), options);
}

} // namespace guardrails::apps
