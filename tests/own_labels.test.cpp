// The walk-through of docs/models.md, run as it is written there.
#define CAF_SUITE own_labels
#include "tests/caf_test.hpp"

#include "tests/child_process.hpp"
#include "tests/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using namespace guardrails;

namespace {

constexpr std::string_view source = GUARDRAILS_SOURCE_DIR;

/// The lines of the block of commands under the heading.
std::vector<std::string> commands_of_walk_through() {
  std::ifstream file{std::string{source} + "/docs/models.md"};
  std::vector<std::string> commands;
  std::string line;
  while (std::getline(file, line) && line != "### From your own labels to a rail")
    continue;
  while (std::getline(file, line) && line != "```sh")
    continue;
  while (std::getline(file, line) && line != "```")
    commands.push_back(line);
  return commands;
}

/// The exit code that a line promises as `# blocks`, `# passes` or nothing.
int promised(const std::string& command) {
  return command.ends_with("# blocks") ? 1 : 0;
}

} // namespace

TEST("own labels become a rail by the commands of the documentation") {
  const auto commands = commands_of_walk_through();
  CHECK(commands.size() >= 6);
  const test::scratch_folder folder;
  std::filesystem::create_directory_symlink(std::string{source} + "/examples", folder.path("examples"));
  const auto prefix = "cd '" + folder.path("") + "' && PATH='" + GUARDRAILS_BINARY_DIR + "/apps':$PATH && ";
  for (const auto& command : commands) {
    test::child_process shell{"/bin/sh", {"-c", prefix + command}};
    const auto code = shell.wait(std::chrono::seconds{60});
    CHECK_EQ(code, promised(command));
    if (code != promised(command))
      std::cout << command << '\n' << shell.output() << '\n';
  }
}
