// Without an `llm:` section the rails validate the input only; guardrail_system checks texts without a
// runtime.
#include <guardrails/guardrails.hpp>

#include <iostream>

using namespace guardrails;

int main() {
  const auto config = rails_config::from_content("guardrails: {check_sensitive_data: true}");

  llm_rails rails{config};
  const std::vector<chat_message> harmless{{"user", "What is machine learning?"}};
  const std::vector<chat_message> revealing{{"user", "My card is 4111 1111 1111 1111"}};
  std::cout << rails.generate(harmless) << '\n';
  std::cout << rails.generate(revealing) << '\n';

  const guardrail_system checks{config};
  std::cout << checks.check_input("Mail me at john.doe@example.com").message << '\n';
  std::cout << checks.check_output("Mail me at john.doe@example.com").message << '\n';
  std::cout << checks.check_text("Mail me at john.doe@example.com").message << '\n';
  std::cout << checks.check_text("What is machine learning?").message << '\n';
}
