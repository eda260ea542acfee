// The shortest program: a configuration, a question, an answer.
#include <guardrails/guardrails.hpp>
#include <iostream>

guardrails::async<void> ask(guardrails::llm_rails& rails, std::vector<guardrails::chat_message> messages) {
  std::cout << co_await rails.generate_async(std::move(messages)) << '\n';
}

int main() {
  const auto config = guardrails::rails_config::from_content("llm: {engine: echo}");
  guardrails::llm_rails rails{config};
  ask(rails, {{"user", "What is machine learning?"}}).get();
}
