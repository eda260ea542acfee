// Generations on two other machines, each running `guardrails node`: two_nodes HOST:PORT HOST:PORT
#include <guardrails/guardrails.hpp>

#include <iostream>

using namespace guardrails;

int main(int argc, char** argv) {
  const auto config = rails_config::from_content("{llm: {engine: echo}, cluster: {local: false}}");
  llm_rails rails{config, {.network = true}};
  for (int i = 1; i < argc; ++i)
    rails.connect(argv[i]);
  for (const auto* question : {"What is AI?", "What is ML?"})
    std::cout << rails.generate({{"user", question}}) << '\n';
}
