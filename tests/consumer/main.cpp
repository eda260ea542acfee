// Links against the package and asks one question.
#include <guardrails/asio.hpp>
#include <guardrails/guardrails.hpp>
#include <guardrails/json.hpp>

#include <iostream>

int main() {
  guardrails::llm_rails rails{guardrails::rails_config::from_content("llm: {engine: echo}")};
  const std::vector<guardrails::chat_message> messages{{"user", "Hello from outside"}};
  std::cout << rails.generate(messages) << '\n';
}
