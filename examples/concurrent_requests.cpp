// Three requests at once through one llm_rails; their answers come back in the order of the questions.
#include <guardrails/guardrails.hpp>

#include <iostream>

using namespace guardrails;

int main() {
  // The embedded stand-in takes half a second for each answer; all three together take about as long.
  llm_rails rails{rails_config::from_content("llm: {engine: echo, latency: 500ms}")};
  const auto start = std::chrono::steady_clock::now();

  std::vector<async<std::string>> tasks;
  for (const auto* question : {"What is AI?", "What is ML?", "What is NLP?"})
    tasks.push_back(rails.generate_async(std::vector<chat_message>{{"user", question}}));

  // In a coroutine: `auto answers = co_await gather(std::move(tasks));`
  for (const auto& answer : gather(std::move(tasks)).get())
    std::cout << answer << '\n';

  const auto spent = std::chrono::steady_clock::now() - start;
  std::cout << (spent < std::chrono::milliseconds{1500} ? "concurrent" : "one after the other") << '\n';
}
