// Two finders, each with the entities it is there for.
#include "apps/eval_spans.hpp"

#include "apps/pii_rows.hpp"
#include "apps/read_file.hpp"
#include "apps/terminal_text.hpp"
#include "checks/tagger/tagger.hpp"
#include "train/row_files.hpp"
#include "train/span_score.hpp"

#include <guardrails/guardrail_system.hpp>
#include <guardrails/rails_config.hpp>

#include <boost/json.hpp>

#include <filesystem>
#include <iomanip>
#include <iostream>
#include <set>

namespace guardrails::apps {

namespace {

namespace tagger = checks::tagger;

constexpr std::array<std::string_view, 6> written_entities{"EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD",
                                                           "US_SSN",        "IBAN_CODE",    "IP_ADDRESS"};

constexpr double usual_threshold = 0.5;

struct scores {
  std::size_t rows = 0;
  std::map<std::string, train::span_tally> tagged;
  std::map<std::string, train::span_tally> written;
};

train::span_tally sum(const std::map<std::string, train::span_tally>& tallies) {
  train::span_tally all;
  for (const auto& [entity, tally] : tallies)
    all += tally;
  return all;
}

train::span_finder tagger_finder(const tagger::model& weights, double threshold) {
  return [&weights, threshold](std::string_view text) {
    std::vector<train::annotated_span> spans;
    for (const auto& found : tagger::find(text, weights, tagger::entity_set{}.set()))
      if (found.score >= threshold)
        spans.push_back({std::string{tagger::name_of(found.kind)}, found.where.begin, found.where.end});
    return spans;
  };
}

train::span_finder check_finder(const guardrail_system& system) {
  return [&system](std::string_view text) {
    std::vector<train::annotated_span> spans;
    for (const auto& f : system.check_text(text).findings)
      if (f.entity && f.score >= f.threshold)
        spans.push_back({*f.entity, f.span.begin, f.span.end});
    return spans;
  };
}

void print_misses(const std::vector<train::annotated_text>& rows, const train::span_finder& find,
                  const std::set<std::string_view>& entities) {
  for (const auto& row : rows) {
    auto annotated = train::unify(row.text, row.spans);
    auto found = train::unify(row.text, find(row.text));
    const auto print = [&](std::string_view what, const auto& spans, const auto& others) {
      for (const auto& s : spans)
        if (entities.contains(s.entity) && std::ranges::find(others, s) == others.end())
          std::cerr << what << ' ' << s.entity << " `" << printable(row.text.substr(s.begin, s.end - s.begin))
                    << "` in: " << printable(row.text) << '\n';
    };
    print("missed", annotated, found);
    print("wrong ", found, annotated);
  }
}

void print_row(std::string_view name, const train::span_tally& t) {
  std::cout << std::left << std::setw(16) << name << std::right << std::setw(6) << t.annotated << std::setw(7)
            << t.found << std::fixed << std::setprecision(3) << std::setw(11) << t.precision() << std::setw(8)
            << t.recall() << std::setw(8) << t.f1() << std::setw(12) << t.overlap_f1() << '\n';
}

void print_table(const std::map<std::string, train::span_tally>& tallies, std::string_view total) {
  for (const auto& [entity, tally] : tallies)
    print_row(entity, tally);
  print_row(total, sum(tallies));
}

void print(const scores& s) {
  std::cout << "spans of " << s.rows << " rows\n"
            << std::left << std::setw(16) << "entity" << std::right << std::setw(6) << "spans" << std::setw(7)
            << "found" << std::setw(11) << "precision" << std::setw(8) << "recall" << std::setw(8) << "F1"
            << std::setw(12) << "overlap F1" << '\n';
  print_table(s.tagged, "tagger");
  print_table(s.written, "patterns");
}

boost::json::object to_json(const std::map<std::string, train::span_tally>& tallies) {
  boost::json::object all;
  const auto add = [&](std::string_view name, const train::span_tally& t) {
    all[{name.data(), name.size()}] = {
      {"spans", t.annotated}, {"found", t.found}, {"precision", t.precision()},
      {"recall", t.recall()}, {"f1", t.f1()},     {"overlap_f1", t.overlap_f1()}};
  };
  for (const auto& [entity, tally] : tallies)
    add(entity, tally);
  add("all", sum(tallies));
  return all;
}

std::vector<std::string> existing(const std::vector<std::string>& named) {
  std::vector<std::string> there;
  std::ranges::copy_if(named, std::back_inserter(there),
                       [](const std::string& name) { return std::filesystem::exists(name); });
  return there;
}

scores score(const std::vector<train::annotated_text>& rows, const tagger::model& weights,
             const eval_options& options) {
  const std::vector<std::string_view> tagged(tagger::entity_names.begin(), tagger::entity_names.end());
  const std::vector<std::string> only{"pii"};
  const std::vector<std::string> written(written_entities.begin(), written_entities.end());
  const guardrail_system system{rails_config{}, only, written};
  const auto by_tagger = tagger_finder(weights, options.threshold.value_or(usual_threshold));
  const auto by_checks = check_finder(system);
  if (options.misses) {
    print_misses(rows, by_tagger, {tagged.begin(), tagged.end()});
    print_misses(rows, by_checks, {written_entities.begin(), written_entities.end()});
  }
  return {rows.size(), train::score_spans(rows, by_tagger, tagged),
          train::score_spans(rows, by_checks, written_entities)};
}

void print_json(const scores& s) {
  std::cout << boost::json::serialize(boost::json::object{
                 {"rows", s.rows}, {"tagger", to_json(s.tagged)}, {"patterns", to_json(s.written)}})
            << '\n';
}

} // namespace

void evaluate_spans(const eval_options& options) {
  const auto [rows, warnings] = annotated_rows(train::row_files(existing(options.data)));
  for (const auto& warning : warnings)
    std::cerr << "guardrails eval: warning: " << warning << '\n';
  const auto bytes = options.model.empty() ? std::string{} : read_file(options.model);
  const auto weights = options.model.empty()
                         ? tagger::embedded_model()
                         : tagger::model{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
  const auto result = score(rows, weights, options);
  if (options.json)
    print_json(result);
  else
    print(result);
}

} // namespace guardrails::apps
