// Chat completions as judges use them: a short answer at temperature 0, with its likeliest first words.
#include "llm/json_text.hpp"
#include "llm/judges/formats.hpp"

#include <algorithm>
#include <cmath>

namespace guardrails::llm {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_reply = 16u << 10;

void append_message(std::string& body, std::string_view role, std::string_view content) {
  if (content.empty())
    return;
  body.append(R"({"role":")").append(role).append(R"(","content":)");
  append_json_string(body, content);
  body += "},";
}

std::string small_letters(std::string_view text) {
  std::string small{without_blanks(text)};
  if (small.starts_with("\u2581")) // some tokenisers write blanks so
    small.erase(0, std::string_view{"\u2581"}.size());
  std::ranges::transform(small, small.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

void add_word(std::vector<likely_word>& words, const json::value& token) {
  const auto* chance = member(&token, "logprob");
  json::error_code problem;
  const auto log = chance && chance->is_number() ? chance->to_number<double>(problem) : 1;
  if (!problem && log <= 0)
    words.push_back({small_letters(string_of(member(&token, "token"))), std::exp(log)});
}

/// The alternatives to the first token that is more than blanks.
std::vector<likely_word> first_words(const json::value& choice) {
  std::vector<likely_word> words;
  const auto* said = member(member(&choice, "logprobs"), "content");
  if (!said || !said->is_array())
    return words;
  for (const auto& token : said->get_array()) {
    if (small_letters(string_of(member(&token, "token"))).empty())
      continue;
    const auto* others = member(&token, "top_logprobs");
    if (others && others->is_array())
      for (const auto& other : others->get_array())
        add_word(words, other);
    if (words.empty())
      add_word(words, token);
    return words;
  }
  return words;
}

} // namespace

std::string chat_body(const judge_config& config, const verdict_prompt& prompt) {
  std::string body = R"({"model":)";
  append_json_string(body, config.model);
  body += R"(,"messages":[)";
  append_message(body, "system", prompt.system);
  append_message(body, "user", prompt.user);
  append_message(body, "assistant", prompt.assistant);
  body.back() = ']';
  body.append(R"(,"temperature":0,"max_tokens":)").append(std::to_string(prompt.max_tokens));
  if (prompt.wants_json)
    body += R"(,"response_format":{"type":"json_object"})";
  if (prompt.wants_chances)
    body += R"(,"logprobs":true,"top_logprobs":5)";
  body += '}';
  return body;
}

std::variant<verdict_reply, judge_failure> read_chat(const json::value& body) {
  if (const auto* error = member(&body, "error"); error && !error->is_null())
    return malformed("the body", "is an error of the provider");
  const auto* choices = member(&body, "choices");
  if (!choices || !choices->is_array() || choices->get_array().empty())
    return malformed("choices", "is no list with an element");
  const auto& choice = choices->get_array().front();
  const auto* content = member(member(&choice, "message"), "content");
  if (!content || !content->is_string())
    return malformed("choices[0].message.content", "is no string");
  verdict_reply reply;
  reply.text = without_blanks(string_of(content));
  if (reply.text.empty())
    return malformed("choices[0].message.content", "is empty");
  if (reply.text.size() > longest_reply)
    return malformed("choices[0].message.content", "is too long for a verdict");
  reply.first_words = first_words(choice);
  return reply;
}

std::optional<double> probability_of(const verdict_reply& reply, std::string_view yes, std::string_view no) {
  double for_yes = 0;
  double for_no = 0;
  for (const auto& [word, probability] : reply.first_words) {
    for_yes += word == yes ? probability : 0;
    for_no += word == no ? probability : 0;
  }
  if (!(for_yes + for_no > 0))
    return std::nullopt;
  return for_yes / (for_yes + for_no);
}

} // namespace guardrails::llm
