// References to environment variables.
// Before CAF's test framework, whose macro `allow` would swallow an enumerator.
#include "config/environment.hpp"

#define CAF_SUITE config.environment
#include "tests/caf_test.hpp"

namespace {

struct fixture {
  static guardrails::config::expansion expand(std::string_view text) {
    return guardrails::config::expand(text, [](const std::string& name) -> std::optional<std::string> {
      if (name == "HOST")
        return "example.org";
      if (name == "EMPTY")
        return "";
      if (name == "TRICKY")
        return "${HOST}";
      return std::nullopt;
    });
  }

  static bool has_problem(std::string_view text, std::string_view words) {
    return expand(text).problem.find(words) != std::string::npos;
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("references are replaced inside a text") {
    CHECK_EQ(expand("https://${HOST}/v1").text, "https://example.org/v1");
    CHECK(expand("${HOST}").used_environment);
    CHECK(!expand("plain $HOST $ {").used_environment);
  }

  TEST("a default stands in for a missing or empty variable") {
    CHECK_EQ(expand("${NOT_SET:-a:b}").text, "a:b");
    CHECK_EQ(expand("${EMPTY:-x}").text, "x");
    CHECK_EQ(expand("${EMPTY}").text, "");
    CHECK_EQ(expand("${NOT_SET:-}").problem, "");
  }

  TEST("what a variable holds is not expanded again") {
    CHECK_EQ(expand("${TRICKY}").text, "${HOST}");
  }

  TEST("two dollars stand for a literal reference") {
    CHECK_EQ(expand("$${HOST}").text, "${HOST}");
    CHECK_EQ(expand("$$${HOST}").text, "$${HOST}");
  }

  TEST("malformed references say what is wrong") {
    CHECK(has_problem("${NOT_SET}", "environment variable NOT_SET is not set"));
    CHECK(has_problem("${HOST", "without a closing"));
    CHECK(has_problem("${}", "does not name"));
    CHECK(has_problem("${1A}", "does not name"));
    CHECK(has_problem("${A:-${B}}", "may not refer to another"));
  }

  TEST("escaping is the inverse of expanding") {
    for (const std::string text : {"", "$", "${", "$${", "$$$${A}", "a ${A:-b} $", "${HOST}"})
      CHECK_EQ(expand(guardrails::config::escape_references(text)).text, text);
  }

} // WITH_FIXTURE(fixture)
