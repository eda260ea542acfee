// Flags texts by a list of words, each with the score it gives.
#include "apps/mock_llm/mock_llm_verdicts.hpp"

#include "llm/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>

namespace guardrails::mock_llm {

namespace {

namespace json = boost::json;

constexpr double even = 0.5;
constexpr double least = 0.01; // of a text without any of the words

double score_of(const options& how, std::string_view text) {
  double score = least;
  for (const auto& [word, given] : how.flagged_words)
    if (text.find(word) != std::string_view::npos)
      score = std::max(score, given);
  return score;
}

std::string number(double value) {
  return json::serialize(json::value(value));
}

void append_result(std::string& body, double score) {
  const std::string flagged = score >= even ? "true" : "false";
  body += R"({"flagged":)" + flagged + R"(,"categories":{"harassment":)" + flagged +
          R"(,"violence":false,"illicit":null},"category_scores":{"harassment":)" + number(score) +
          R"(,"violence":0.01,"illicit":null}})";
}

std::string chances(std::string_view yes, std::string_view no, double score) {
  const auto p = std::clamp(score, least, 1 - least);
  const std::string_view said = score >= even ? yes : no;
  std::string out = R"("logprobs":{"content":[{"token":")";
  out.append(said).append(R"(","logprob":)").append(number(std::log(std::max(p, 1 - p))));
  out.append(R"(,"top_logprobs":[{"token":")")
    .append(yes)
    .append(R"(","logprob":)")
    .append(number(std::log(p)));
  out.append(R"(},{"token":")").append(no).append(R"(","logprob":)").append(number(std::log(1 - p)));
  return out.append("}]}]},");
}

std::string last_message(std::string_view body) {
  boost::system::error_code problem;
  const auto value = json::parse({body.data(), body.size()}, problem);
  if (problem || !value.is_object())
    return {};
  const auto* messages = value.get_object().if_contains("messages");
  if (!messages || !messages->is_array() || messages->get_array().empty())
    return {};
  const auto* last = messages->get_array().back().if_object();
  const auto* content = last ? last->if_contains("content") : nullptr;
  return content && content->is_string() ? std::string{content->get_string()} : std::string{};
}

} // namespace

std::optional<moderation_request> parse_moderation_request(std::string_view body) {
  boost::system::error_code problem;
  const auto value = json::parse({body.data(), body.size()}, problem);
  const auto* object = problem ? nullptr : value.if_object();
  const auto* input = object ? object->if_contains("input") : nullptr;
  if (!input)
    return std::nullopt;
  moderation_request request;
  if (const auto* model = object->if_contains("model"); model && model->is_string())
    request.model = std::string{model->get_string()};
  if (input->is_string())
    request.texts.emplace_back(input->get_string());
  if (const auto* list = input->if_array())
    for (const auto& text : *list) {
      if (!text.is_string())
        return std::nullopt;
      request.texts.emplace_back(text.get_string());
    }
  return request.texts.empty() ? std::nullopt : std::optional{std::move(request)};
}

std::string moderation_body(const options& how, const moderation_request& request, const plan& what,
                            std::uint64_t number) {
  std::string body = R"({"id":"modr-mock-)" + std::to_string(number) + R"(","model":)";
  llm::append_json_string(body, request.model);
  body += R"(,"results":[)";
  if (what.fault != fault::no_choices) {
    for (const auto& text : request.texts) {
      append_result(body, score_of(how, text));
      body += ',';
    }
    body.pop_back();
  }
  return body + "]}";
}

chat_verdict verdict_on(const options& how, std::string_view body) {
  const auto score = score_of(how, last_message(body));
  const bool flagged = score >= even;
  switch (how.verdicts) {
  case verdict_form::none:
    break;
  case verdict_form::json_verdict:
    return {R"({"flagged": )" + std::string{flagged ? "true" : "false"} + R"(, "label": )" +
              (flagged ? "\"" + how.verdict_label + "\"" : std::string{"null"}) + R"(, "confidence": )" +
              number(flagged ? score : 1 - score) + "}",
            {}};
  case verdict_form::llama_guard:
    return {flagged ? "\n\nunsafe\nS1,S10" : "\n\nsafe", chances("unsafe", "safe", score)};
  case verdict_form::shieldgemma:
    return {flagged ? "Yes" : "No", chances("Yes", "No", score)};
  }
  return {};
}

} // namespace guardrails::mock_llm
