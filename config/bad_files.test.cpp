// Every file in tests/configs/bad says in its first line where and how it must be refused:
// `# expect: LINE:COLUMN KEY.PATH | PART OF THE SENTENCE` (`-` where no key is concerned).
// Before CAF's test framework, whose macro `allow` would swallow an enumerator.
#include <guardrails/rails_config.hpp>

#define CAF_SUITE config.bad_files
#include "tests/caf_test.hpp"
#include "tests/scratch_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace {

using guardrails::config_error;
using guardrails::rails_config;

struct fixture {
  /// What is wrong about how `file` is refused; empty when nothing is.
  static std::string verdict(const std::filesystem::path& file) {
    std::string first;
    std::getline(std::ifstream{file}, first);
    constexpr std::string_view intro = "# expect: ";
    const auto bar = first.find(" | ");
    if (!first.starts_with(intro) || bar == std::string::npos)
      return "has no expectation";
    const auto place = first.substr(intro.size(), bar - intro.size());
    const auto error = refusal(file);
    if (!error)
      return "was accepted";
    const auto found = std::to_string(error->where().line) + ':' + std::to_string(error->where().column) +
                       ' ' + (error->key_path().empty() ? "-" : error->key_path());
    const std::string_view sentence = error->what();
    if (found != place || sentence.find(first.substr(bar + 3)) == std::string_view::npos)
      return std::string{sentence};
    return error->where().source == file.string() ? "" : "does not name its file";
  }

  static std::optional<config_error> refusal(const std::filesystem::path& file) {
    try {
      rails_config::from_file(file, [](const std::string&) { return std::nullopt; });
    } catch (const config_error& e) {
      return e;
    }
    return std::nullopt;
  }

  static bool refused_with(const std::filesystem::path& file, std::string_view words) {
    const auto error = refusal(file);
    return error && std::string_view{error->what()}.find(words) != std::string_view::npos &&
           error->where().source == file.string();
  }

  const std::filesystem::path root = GUARDRAILS_SOURCE_DIR "/tests/configs/bad";
  const guardrails::test::scratch_folder scratch;
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("every bad file is refused at its place with its sentence") {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{root}) {
      ++files;
      const auto problem = verdict(entry.path());
      if (!problem.empty())
        std::cerr << entry.path().filename() << ": " << problem << '\n';
      CHECK_EQ(problem, "");
    }
    CHECK(files >= 32);
  }

  TEST("a directory is refused") {
    CHECK(refused_with(scratch.path(), "cannot be read: it is a directory"));
  }

  TEST("a file that does not exist is refused") {
    CHECK(refused_with(scratch.path("nowhere.yml"), "cannot be read: No such file or directory"));
  }

  TEST("a file without read permission is refused") {
    const auto file = scratch.file("locked.yml", "llm: {engine: echo}\n");
    std::filesystem::permissions(file, std::filesystem::perms::none);
    const auto is_root = ::geteuid() == 0; // root reads everything
    CHECK(is_root || refused_with(file, "cannot be read: Permission denied"));
  }

  TEST("a file that is too long is refused") {
    const auto file = scratch.file("long.yml", std::string((4u << 20) + 1, '#'));
    CHECK(refused_with(file, "is longer than 4 MiB"));
  }

  TEST("the sentence is file, line, column, key path, problem and suggestion") {
    const auto file = scratch.file("one.yml", "llm:\n  engine: ecko\n");
    CHECK_EQ(std::string{refusal(file).value().what()},
             file + ":2:11: llm.engine: is `ecko`; expected openai, azure_openai, anthropic, gemini, "
                    "bedrock, openai_compatible or echo "
                    "(did you mean `echo`?)");
  }

} // WITH_FIXTURE(fixture)
