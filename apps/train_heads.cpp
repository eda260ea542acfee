// Reads rows, trains, writes the model and what it was made from.
#include "apps/train_heads.hpp"

#include "apps/read_file.hpp"
#include "apps/terminal_text.hpp"
#include "apps/write_file.hpp"
#include "train/carriers.hpp"
#include "train/labelled_rows.hpp"
#include "train/row_files.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>

namespace guardrails::apps {

namespace models = checks::models;

namespace {

void write_model(const std::string& path, const models::model_contents& contents) {
  const auto bytes = models::write(contents);
  write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::cout << path << ": " << bytes.size() << " bytes, version " << models::head_model{bytes}.version()
            << '\n';
}

struct read_data {
  std::vector<train::labelled_text> rows;
  std::vector<std::string> carriers;
};

// Rows with that answer, whatever head they were written for.
void take_rows_of_others(const std::vector<std::string>& files, bool positive, const std::string& task,
                         std::vector<train::labelled_text>& rows) {
  for (auto& row : train::answered_rows(train::row_files(files)))
    if (row.positive == positive) {
      row.head = task;
      rows.push_back(std::move(row));
    }
}

read_data read(const head_options& options) {
  read_data data;
  const auto labels = train::read_separate_labels(train::row_files(options.labels), options.task);
  data.rows = train::answered_rows(train::row_files(options.data), labels);
  for (auto& row :
       train::answered_rows(train::row_files(options.labelled), labels, train::unnamed_rows::skip))
    data.rows.push_back(std::move(row));
  take_rows_of_others(options.positives, true, options.task, data.rows);
  take_rows_of_others(options.negatives, false, options.task, data.rows);
  data.carriers = train::read_carriers(train::row_files(options.carriers));
  return data;
}

void print_share(std::size_t rows, double share) {
  rows > 0 ? std::cout << std::setw(9) << share : std::cout << std::setw(9) << "";
}

void print(const train::head_report& r) {
  std::cout << models::name_of(r.of) << ": " << r.positives << " positive and " << r.negatives
            << " negative rows, " << r.made << " made of them, " << r.passes << " passes\n"
            << std::fixed << std::setprecision(4) << "  threshold " << r.threshold
            << "; AUROC of held-out rows " << r.auroc;
  if (r.strange_auroc)
    std::cout << ", of held-out sources " << *r.strange_auroc;
  std::cout << "\n  " << std::left << std::setw(28) << "source" << std::right << std::setw(7) << "rows"
            << std::setw(9) << "positive"
            << "  held out: recall   alarms   source: recall   alarms\n";
  for (const auto& s : r.sources) {
    std::cout << "  " << std::left << std::setw(28) << printable(s.source.empty() ? "(none)" : s.source)
              << std::right << std::setw(7) << s.positives + s.negatives << std::setw(9) << s.positives
              << "         ";
    print_share(s.positives, s.recall);
    print_share(s.negatives, s.false_alarms);
    std::cout << "        ";
    print_share(r.strange_auroc ? s.positives : 0, s.strange_recall);
    print_share(r.strange_auroc ? s.negatives : 0, s.strange_false_alarms);
    std::cout << '\n';
  }
}

boost::json::object as_json(const train::head_report& r) {
  boost::json::array sources;
  for (const auto& s : r.sources)
    sources.push_back({{"source", s.source},
                       {"positives", s.positives},
                       {"negatives", s.negatives},
                       {"recall", s.recall},
                       {"false_alarms", s.false_alarms},
                       {"strange_recall", s.strange_recall},
                       {"strange_false_alarms", s.strange_false_alarms}});
  return {{"head", models::name_of(r.of)},
          {"positives", r.positives},
          {"negatives", r.negatives},
          {"made_rows", r.made},
          {"passes", r.passes},
          {"threshold", r.threshold},
          {"auroc", r.auroc},
          {"strange_auroc", r.strange_auroc ? boost::json::value(*r.strange_auroc) : boost::json::value()},
          {"sources", std::move(sources)}};
}

} // namespace

void train_head(const head_options& options) {
  auto how = train::settings_for(models::head_named(options.task).value());
  how.margins.seed = options.seed;
  const auto begin = std::chrono::steady_clock::now();
  const auto data = read(options);
  std::cout << data.rows.size() << " rows, " << data.carriers.size() << " carriers\n" << std::flush;
  const auto trained = train::train_heads(data.rows, data.carriers, how, [](const std::string& line) {
    std::cout << line << '\n' << std::flush;
  });
  boost::json::array reports;
  for (const auto& r : trained.reports) {
    print(r);
    reports.push_back(as_json(r));
  }
  write_model(options.out, trained.contents);
  if (!options.report.empty())
    write_file(options.report, boost::json::serialize(reports) + "\n");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << std::setprecision(1) << took.count() << " seconds\n";
}

void join_heads(const head_options& options) {
  std::vector<models::model_contents> parts;
  for (const auto& path : options.join) {
    const auto bytes = read_file(path);
    parts.push_back(
      models::head_model{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}}.contents());
  }
  write_model(options.out, models::join(parts));
}

} // namespace guardrails::apps
