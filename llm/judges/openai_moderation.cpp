// OpenAI's moderation interface: many texts in one request, a score for every category.
#include "llm/json_text.hpp"
#include "llm/judges/formats.hpp"

#include <algorithm>
#include <array>

namespace guardrails::llm {

namespace {

namespace json = boost::json;

using verdict_or_failure = std::variant<judge_verdict, judge_failure>;

/// Categories that hurt feelings rather than people; all others, unknown ones too, are toxic.
constexpr std::array<std::string_view, 3> offensive{"harassment", "sexual", "illicit"};

std::string_view label_of(std::string_view category) {
  return std::ranges::find(offensive, category) == offensive.end() ? "toxic" : "offensive";
}

std::optional<double> score_of(const json::value* value) {
  json::error_code problem;
  const auto score = value && value->is_number() ? value->to_number<double>(problem) : -1;
  return !problem && score >= 0 && score <= 1 ? std::optional{score} : std::nullopt;
}

std::string place_of(std::size_t index, std::string_view part) {
  std::string place = "results[";
  return place.append(std::to_string(index)).append("].").append(part);
}

/// Reads one element of `results`.
class result_reader {
public:
  result_reader(const judge_config& config, const json::value& result, std::size_t index)
    : config_{config}
    , result_{result}
    , index_{index} {}

  verdict_or_failure read() const {
    const auto* flagged = member(&result_, "flagged");
    if (!flagged || !flagged->is_bool())
      return malformed(place_of(index_, "flagged"), "is no boolean");
    const auto* categories = member(&result_, "categories");
    if (!categories || !categories->is_object() || categories->get_object().empty())
      return malformed(place_of(index_, "categories"), "is no object with categories");
    const auto* scores = member(&result_, "category_scores");
    if (!scores || !scores->is_object())
      return malformed(place_of(index_, "category_scores"), "is no object");
    return summed_up(flagged->get_bool(), categories->get_object(), scores->get_object());
  }

private:
  verdict_or_failure summed_up(bool flagged, const json::object& categories,
                               const json::object& scores) const {
    judge_verdict worst;
    double highest = 0;
    bool provider_flags_one = false;
    for (const auto& entry : categories) {
      const std::string_view name{entry.key().data(), entry.key().size()};
      if (!entry.value().is_bool() && !entry.value().is_null()) // a model without the category says null
        return malformed(place_of(index_, "categories"), "has a member that is no boolean");
      const bool by_provider = entry.value().is_bool() && entry.value().get_bool();
      const auto* given = scores.if_contains(entry.key());
      const auto score = score_of(given);
      if (!score && (by_provider || !given || !given->is_null()))
        return malformed(place_of(index_, "category_scores"), "lacks a score from 0 to 1 for a category");
      provider_flags_one |= by_provider;
      highest = std::max(highest, score.value_or(0));
      if (counts(name, score.value_or(0), by_provider) && (!worst.flagged || score.value_or(0) > worst.score))
        worst = {true, std::string{label_of(name)}, known_word(name), score.value_or(0), true};
    }
    if (flagged && !provider_flags_one)
      return malformed(place_of(index_, "flagged"), "is true, and no category is");
    if (!worst.flagged)
      worst.score = highest;
    return worst;
  }

  bool counts(std::string_view category, double score, bool by_provider) const {
    const auto own = config_.thresholds.find(std::string{category});
    return own == config_.thresholds.end() ? by_provider : score >= own->second;
  }

  /// Reports show it, so it must look like a category.
  static std::string known_word(std::string_view category) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '/' || c == '-' || c == '_'; };
    return category.size() <= 40 && std::ranges::all_of(category, fits) ? std::string{category} : "other";
  }

  const judge_config& config_;
  const json::value& result_;
  std::size_t index_;
};

} // namespace

std::string moderation_body(const judge_config& config, std::span<const judged_text> texts) {
  std::string body = R"({"model":)";
  append_json_string(body, config.model);
  body += R"(,"input":[)";
  for (const auto& judged : texts) {
    append_json_string(body, judged.text); // an element of its own: data already
    body += ',';
  }
  body.back() = ']';
  body += '}';
  return body;
}

std::variant<std::vector<judge_verdict>, judge_failure>
read_moderation(const judge_config& config, std::size_t texts, const json::value& body) {
  const auto* results = member(&body, "results");
  if (!results || !results->is_array())
    return malformed("results", "is no list");
  const auto& list = results->get_array();
  if (list.size() != texts)
    return malformed("results", "has " + std::to_string(list.size()) + " elements for " +
                                  std::to_string(texts) + " texts");
  std::vector<judge_verdict> verdicts;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto read = result_reader{config, list[i], i}.read();
    if (auto* failure = std::get_if<judge_failure>(&read))
      return std::move(*failure);
    verdicts.push_back(std::move(std::get<judge_verdict>(read)));
  }
  return verdicts;
}

} // namespace guardrails::llm
