// The whole account of a generation: what was asked, found, answered, and why it was blocked.
#include <guardrails/guardrails.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <iostream>

using namespace guardrails;

namespace {

void print(const generation& result) {
  std::cout << std::boolalpha;
  std::cout << "user_input: " << result.user_input << '\n';
  std::cout << "llm_response: " << result.llm_response.value_or("(the model was not asked)") << '\n';
  std::cout << "final_response: " << result.final_response << '\n';
  std::cout << "blocked: " << result.blocked << '\n';
  if (result.block_reason)
    std::cout << "block_reason: " << boost::describe::enum_to_string(*result.block_reason, "?") << '\n';
  if (result.input_check) {
    std::cout << "input_check.passed: " << result.input_check->passed << '\n';
    for (const auto& found : result.input_check->findings)
      std::cout << "  " << found.label << " in bytes [" << found.span.begin << ", " << found.span.end
                << ")\n";
  }
  if (result.output_check)
    std::cout << "output_check.passed: " << result.output_check->passed << '\n';
  if (result.llm_response)
    std::cout << "model: " << result.model << '\n';
  std::cout << '\n';
}

} // namespace

int main() {
  const auto config = rails_config::from_content(R"(
llm:
  engine: echo
guardrails:
  check_sensitive_data: true
  block_sensitive_data: true
)");
  llm_rails rails{config};

  // `return_details` is a tag: with it the result is a generation, without it a string.
  print(rails.generate_async({{"user", "What is artificial intelligence?"}}, return_details).get());
  print(rails.generate_async({{"user", "Write to john.doe@example.com"}}, return_details).get());
}
