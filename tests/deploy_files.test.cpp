// The files of docs/deploy: YAML with options that the program has, and a configuration that it takes.
#define CAF_SUITE deploy_files
#include "tests/caf_test.hpp"

#include "tests/child_process.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace {

using guardrails::test::child_process;

const std::string program = GUARDRAILS_BINARY_DIR "/apps/guardrails";

std::string path(const std::string& name) {
  return GUARDRAILS_SOURCE_DIR "/docs/deploy/" + name;
}

/// Every list of words that begins with the program's name, wherever it stands.
void collect_commands(const YAML::Node& in, std::vector<std::vector<std::string>>& found) {
  if (in.IsSequence() && in.size() > 1 && in[0].IsScalar() && in[0].Scalar() == "guardrails")
    found.push_back(in.as<std::vector<std::string>>());
  else if (in.IsSequence())
    for (const auto& item : in)
      collect_commands(item, found);
  else if (in.IsMap())
    for (const auto& member : in)
      collect_commands(member.second, found);
}

std::vector<std::vector<std::string>> commands_of(const std::string& file) {
  std::vector<std::vector<std::string>> found;
  for (const auto& document : YAML::LoadAllFromFile(path(file)))
    collect_commands(document, found);
  return found;
}

std::string help_of(const std::string& command) {
  child_process process{program, {command, "--help"}};
  process.wait();
  return process.output();
}

/// Options that the command does not have.
std::vector<std::string> unknown_options(const std::vector<std::string>& command) {
  const auto help = help_of(command[1]);
  std::vector<std::string> unknown;
  std::ranges::copy_if(command, std::back_inserter(unknown), [&](const std::string& word) {
    return word.starts_with("--") && help.find(word + ' ') == std::string::npos;
  });
  return unknown;
}

} // namespace

TEST("compose and Kubernetes start a gateway and nodes with options that there are") {
  for (const auto* file : {"compose.yml", "kubernetes.yml"}) {
    const auto commands = commands_of(file);
    CHECK_EQ(commands.size(), 2u);
    for (const auto& command : commands)
      CHECK(unknown_options(command).empty());
  }
}

TEST("every document of the manifests says what it is") {
  for (const auto& document : YAML::LoadAllFromFile(path("kubernetes.yml"))) {
    CHECK(document["apiVersion"].IsScalar());
    CHECK(document["kind"].IsScalar());
    CHECK(document["metadata"]["name"].IsScalar());
  }
}

TEST("the program takes the configuration") {
  child_process check{"/usr/bin/env",
                      {"OPENAI_API_KEY=none", program, "config", "validate", path("cluster.yml")}};
  CHECK_EQ(check.wait(), 0);
}
