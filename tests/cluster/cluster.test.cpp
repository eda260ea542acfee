// A gateway and its nodes while machines fail, in short; and whether the questions put to them would notice.
#define CAF_SUITE cluster
#include "tests/caf_test.hpp"

#include "tests/child_process.hpp"
#include "tests/cluster/questions.hpp"

#include <iostream>
#include <set>

namespace {

using namespace guardrails::test;
using namespace std::chrono_literals;

std::string completion(const std::string& text) {
  return R"({"choices":[{"message":{"role":"assistant","content":")" + text + R"("}}]})";
}

std::string event(const std::string& text) {
  return R"(data: {"choices":[{"delta":{"content":")" + text + "\"}}]}\n\n";
}

fate of_whole(std::uint32_t status, const std::string& body) {
  std::string code;
  return judge(status, body, "one two", false, code);
}

fate of_stream(const std::string& body) {
  std::string code;
  return judge(200, body, "one two", true, code);
}

const std::string error = R"({"error":{"message":"m","code":"timeout"}})";

/// Its exit code; what it printed is shown where it failed.
int drive(std::vector<std::string> arguments) {
  child_process process{GUARDRAILS_BINARY_DIR "/tests/cluster_drive", std::move(arguments)};
  const auto code = process.wait(120s);
  if (code != 0)
    std::cout << process.output();
  return code;
}

} // namespace

TEST("an answer is the question's, an error with a code, wrong or lost") {
  CHECK(of_whole(200, completion("one two")) == fate::generation);
  CHECK(of_whole(200, completion("one three")) == fate::wrong);
  CHECK(of_whole(200, "") == fate::wrong);
  CHECK(of_whole(504, error) == fate::typed);
  CHECK(of_whole(502, "<html>") == fate::lost);
}

TEST("a stream is the question's, ends with an error, is wrong or lost") {
  CHECK(of_stream(event("one") + event(" two") + "data: [DONE]\n\n") == fate::generation);
  CHECK(of_stream(event("one") + "data: " + error + "\n\n") == fate::typed);
  CHECK(of_stream(event("one") + "data: " + error + "\n\ndata: [DONE]\n\n") == fate::typed);
  CHECK(of_stream(event("one") + event(" two")) == fate::lost);
  CHECK(of_stream(event("one") + "data: [DONE]\n\n") == fate::wrong);
  CHECK(of_stream(event("two") + "data: " + error + "\n\n") == fate::wrong);
  CHECK(of_stream("") == fate::lost);
}

TEST("no two questions of a series are the same") {
  std::set<std::string> all;
  for (std::uint64_t number = 0; number < 10'000; ++number)
    all.insert(question("one", number));
  CHECK_EQ(all.size(), 10'000u);
}

TEST("a gateway alone answers all that the drive asks") {
  CHECK_EQ(drive({"--nodes", "0", "--calm", "1000", "--repeat-started"}), 0);
  CHECK_EQ(drive({"--nodes", "0", "--calm", "500"}), 0);
}
