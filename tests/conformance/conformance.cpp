// Scores the checks over tables that are not part of the repository: `conformance --data DIR`.
#include "tests/conformance/presidio_cases.hpp"
#include "tests/conformance/secret_cases.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  CLI::App app{"Scores the checks over tables of cases; exit code 1 when a limit is missed."};
  std::string data;
  app.add_option("--data", data, "the folder that holds cases/")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const auto secrets = guardrails::conformance::score_secret_cases(data, std::cout);
    const auto entities = guardrails::conformance::score_presidio_cases(data, std::cout);
    return std::max(secrets, entities);
  } catch (const std::exception& error) {
    std::cerr << "conformance: " << error.what() << '\n';
    return 3;
  }
}
