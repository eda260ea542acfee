// What judging takes from the heap.
#include "checks/rail.hpp"
#include "tests/allocation_counter.hpp"

#define CAF_SUITE allocations
#include "tests/caf_test.hpp"

using namespace guardrails;

namespace {

std::uint64_t no_time() noexcept {
  return 0;
}

} // namespace

TEST("judging a clean text takes little more from the heap than the report that it returns") {
  const auto rail = checks::compile_rail({}, checks::direction::text);
  std::string text;
  while (text.size() < 2'000)
    text += "The editors agreed, after some debate, and most people asked for a shorter version of it. ";
  const auto first = rail.judge(text, no_time); // builds what is built once
  CHECK(first.report.passed && first.report.findings.empty());
  const auto before = tests::allocations();
  const auto judged = rail.judge(text, no_time);
  const auto taken = tests::allocations() - before;
  const auto copying = tests::allocations();
  const auto copy = judged.report;
  const auto of_report = tests::allocations() - copying;
  CHECK(copy.passed);
  CHECK(of_report > 0);
  CHECK(taken <= of_report + 4);
}
