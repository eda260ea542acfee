// Turns toxicity and content class into categories and scores.
#include "apps/gateway/moderation.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, 13> categories_of_openai{"harassment",
                                                           "harassment/threatening",
                                                           "hate",
                                                           "hate/threatening",
                                                           "illicit",
                                                           "illicit/violent",
                                                           "self-harm",
                                                           "self-harm/intent",
                                                           "self-harm/instructions",
                                                           "sexual",
                                                           "sexual/minors",
                                                           "violence",
                                                           "violence/graphic"};

constexpr std::array<const char*, 7> own_classes{
  "toxicity", "jailbreak",    "malicious", "prompt_injection", "malicious_code_injection",
  "harmful",  "hallucination"};

struct result_rows {
  json::object categories;
  json::object scores;

  void set(const std::string& name, bool flagged, double score) {
    categories[name] = flagged || (categories.contains(name) && categories.at(name) == true);
    const auto* before = scores.if_contains(name);
    scores[name] = std::max(score, before ? before->to_number<double>() : 0.0);
  }
};

double score_of_class(const check_report& report) {
  double score = 0;
  for (const auto& found : report.findings)
    if (found.label == *report.semantic_class)
      score = std::max(score, found.score);
  return score > 0 ? score : 1;
}

void add_toxicity(result_rows& rows, const toxicity_report& toxicity) {
  const bool flagged = toxicity.label != "non-toxic";
  const auto score = flagged ? toxicity.confidence : 1 - toxicity.confidence;
  rows.set("harassment", flagged, score);
  rows.set("toxicity", flagged, score);
}

void add_class(result_rows& rows, const check_report& report) {
  const auto& name = *report.semantic_class;
  const auto score = score_of_class(report);
  rows.set(name, true, score);
  if (name == "malicious" || name == "harmful")
    rows.set("illicit", true, score);
}

} // namespace

json::object moderation_result(const check_report& report) {
  result_rows rows;
  for (const auto* name : categories_of_openai)
    rows.set(name, false, 0);
  for (const auto* name : own_classes)
    rows.set(name, false, 0);
  if (report.toxicity)
    add_toxicity(rows, *report.toxicity);
  if (report.semantic_class && !report.semantic_class->empty())
    add_class(rows, report);
  const bool flagged =
    std::ranges::any_of(rows.categories, [](const auto& entry) { return entry.value() == true; });
  return {{"flagged", flagged},
          {"categories", std::move(rows.categories)},
          {"category_scores", std::move(rows.scores)}};
}

std::string moderation_body(std::string_view id, std::span<const check_report> reports) {
  json::array results;
  for (const auto& report : reports)
    results.push_back(moderation_result(report));
  std::string name{"modr-"};
  name.append(id);
  return json::serialize(
    json::object{{"id", name}, {"model", "guardrails"}, {"results", std::move(results)}});
}

} // namespace guardrails::gateway
