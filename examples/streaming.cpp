// Shows an answer while it comes, and says at the end how it went.
#include <guardrails/guardrails.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

int main() {
  // The model of GUARDRAILS_UPSTREAM, or the embedded stand-in, which answers in one piece.
  const char* upstream = std::getenv("GUARDRAILS_UPSTREAM");
  auto builder = guardrails::rails_config_builder{};
  if (upstream)
    builder.set("llm.engine", "openai_compatible")
      .set("llm.base_url", std::string{upstream})
      .set("llm.model", "any");
  else
    builder.set("llm.engine", "echo");
  guardrails::llm_rails rails{builder.set("guardrails.output_checks", false).build()};

  auto stream = rails.generate_stream({{"user", "What is an actor?"}});
  while (const auto piece = stream.next())
    std::cout << *piece << std::flush;
  const auto result = stream.result();
  std::cout << '\n' << (result.blocked ? result.final_response : "whole answer shown") << '\n';
  return result.blocked ? 1 : 0;
}
