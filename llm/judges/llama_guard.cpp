// Llama Guard behind a server that applies its template: `safe`, or `unsafe` and the categories.
#include "llm/judges/formats.hpp"

#include <algorithm>
#include <array>

namespace guardrails::llm {

namespace {

// What is said about somebody or something rather than to hurt: defamation, specialised advice, privacy,
// intellectual property, sexual content, elections.
constexpr std::array<std::string_view, 6> offensive{"S5", "S6", "S7", "S8", "S12", "S13"};

// Crimes without violence, among them those with computers, and abuse of a code interpreter.
constexpr std::array<std::string_view, 2> malicious{"S2", "S14"};

bool is_category(std::string_view word) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return (word.size() == 2 || word.size() == 3) && word[0] >= 'A' && word[0] <= 'Z' &&
         std::ranges::all_of(word.substr(1), digit);
}

std::optional<std::vector<std::string_view>> categories_in(std::string_view line) {
  std::vector<std::string_view> categories;
  while (!line.empty()) {
    const auto comma = std::min(line.find(','), line.size());
    const auto word = without_blanks(line.substr(0, comma));
    if (!is_category(word))
      return std::nullopt;
    categories.push_back(word);
    line.remove_prefix(std::min(comma + 1, line.size()));
  }
  return categories;
}

template <std::size_t Size>
bool all_in(const std::vector<std::string_view>& categories,
            const std::array<std::string_view, Size>& known) {
  return !categories.empty() && std::ranges::all_of(categories, [&](std::string_view c) {
    return std::ranges::find(known, c) != known.end();
  });
}

// The graver one where categories differ.
std::string_view label_of(judge_subject subject, const std::vector<std::string_view>& categories) {
  if (subject == judge_subject::toxicity)
    return all_in(categories, offensive) ? "offensive" : "toxic";
  return all_in(categories, malicious) ? "malicious" : "harmful";
}

} // namespace

verdict_prompt prompt_llama_guard(const judged_text& text) {
  verdict_prompt prompt;
  if (text.is_answer) {
    prompt.user = "(not shown)"; // its template judges the last turn, and wants one of the user's before
    prompt.assistant = quoted_as_data(text.text);
  } else {
    prompt.user = quoted_as_data(text.text);
  }
  prompt.max_tokens = 64;
  prompt.wants_chances = true;
  return prompt;
}

std::variant<judge_verdict, judge_failure> read_llama_guard(judge_subject subject,
                                                            const verdict_reply& reply) {
  const std::string_view text = reply.text;
  const auto end = std::min(text.find('\n'), text.size());
  const auto first = without_blanks(text.substr(0, end));
  const auto rest = without_blanks(text.substr(end));
  const auto p = probability_of(reply, "unsafe", "safe");
  judge_verdict verdict;
  if (first == "safe") {
    if (!rest.empty())
      return malformed("the verdict", "goes on after `safe`");
    verdict.score = p.value_or(0);
    return verdict;
  }
  if (first != "unsafe")
    return malformed("the verdict", "is neither `safe` nor `unsafe`");
  const auto categories = categories_in(rest);
  if (!categories)
    return malformed("the categories after `unsafe`", "are no list such as S1,S10");
  verdict = {true, std::string{label_of(subject, *categories)}, {}, p.value_or(1), true};
  for (const auto category : *categories)
    verdict.category.append(verdict.category.empty() ? "" : ",").append(category);
  return verdict;
}

} // namespace guardrails::llm
