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

/// One run of cluster_drive; runs may stand side by side.
class drive {
public:
  explicit drive(std::vector<std::string> arguments)
    : process_{GUARDRAILS_BINARY_DIR "/tests/cluster_drive", std::move(arguments)} {}

  /// What it printed is shown where a goal was missed.
  bool met_its_goals() {
    const auto code = process_.wait(180s);
    if (code != 0)
      std::cout << process_.output();
    return code == 0;
  }

private:
  child_process process_;
};

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
  CHECK(drive({"--nodes", "0", "--calm", "500", "--repeat-started"}).met_its_goals());
}

TEST("killed, stopped, cut off and restarted nodes lose no request, and repeat no call unless they may") {
  const std::vector<std::string> in_short{"--rate", "50",      "--load-rate", "20",         "--calm",
                                          "400",    "--fault", "1800",        "--deadline", "20000"};
  auto repeating = in_short;
  repeating.push_back("--repeat-started");
  auto once = in_short;
  once.push_back("--tls");
  drive may_repeat{repeating};
  drive must_not{once};
  CHECK(may_repeat.met_its_goals());
  CHECK(must_not.met_its_goals());
}
