// Hostile texts: a byte of a long one may not take much more time than a byte of a short one.
#include "tests/check_support.hpp"
#include "tests/cpu_time.hpp"
#include "tests/every_check.hpp"
#include "tests/hostile_families.hpp"

#include <iostream>
#include <map>

#define CAF_SUITE linear_time
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

constexpr std::size_t short_text = 1 << 10;
constexpr std::size_t long_text = 1 << 20;
constexpr std::size_t short_texts = 15;
constexpr double most_growth = 3;
constexpr int most_tries = 4;

/// Nanoseconds per byte, by what the rail says it spent them on.
using costs = std::map<std::string, double>;

std::uint64_t cpu_clock() noexcept {
  return static_cast<std::uint64_t>(1e9 * test::thread_cpu_seconds());
}

costs cost_of(const rail& r, const std::string& text) {
  costs spent;
  for (const auto& [check, microseconds] : r.judge(text, cpu_clock).report.latency_us)
    spent[check] = 1e3 * microseconds / static_cast<double>(text.size());
  return spent;
}

/// The median of several short texts, each check by itself.
costs short_cost(const rail& r, const test::text_family& family) {
  std::map<std::string, std::vector<double>> all;
  for (std::uint32_t seed = 0; seed < short_texts; ++seed)
    for (const auto& [check, cost] : cost_of(r, family.make(short_text, seed)))
      all[check].push_back(cost);
  costs medians;
  for (auto& [check, each] : all) {
    std::ranges::sort(each);
    medians[check] = each[each.size() / 2];
  }
  return medians;
}

double sum(const costs& spent) {
  double all = 0;
  for (const auto& [check, cost] : spent)
    all += cost;
  return all;
}

/// What grew too fast, or nothing. What takes less than all checks together take for prose is not looked at
/// by itself: its cost for a short text is mostly that of beginning.
std::string overgrown(const costs& at_first, const costs& later, double prose) {
  if (sum(later) > most_growth * sum(at_first))
    return "all checks";
  for (const auto& [check, cost] : later)
    if (cost > prose && cost > most_growth * at_first.at(check))
      return check;
  return {};
}

} // namespace

TEST("a byte of a hostile megabyte takes at most three times as long as one of a kilobyte") {
  const auto r = compile_rail(test::every_check(), direction::output);
  const auto prose = sum(short_cost(r, test::prose_family()));
  for (const auto& family : test::hostile_families()) {
    const auto text = family.make(long_text, 0);
    std::string grown;
    for (int tries = 0; tries == 0 || (!grown.empty() && tries < most_tries); ++tries) {
      const auto at_first = short_cost(r, family);
      const auto later = cost_of(r, text);
      grown = overgrown(at_first, later, prose);
      if (!grown.empty())
        std::cerr << family.name << ": " << grown << ", from " << sum(at_first) << " to " << sum(later)
                  << " ns a byte\n";
    }
    CHECK(grown.empty());
  }
}

TEST("ten hostile megabytes are judged, not refused") {
  const auto r = compile_rail(test::every_check(), direction::output);
  const std::string unit = "10.0.0.1 a@b.co 1-";
  std::string text;
  while (text.size() < 10'000'000)
    text += unit;
  CHECK(r.judge(text, testing::no_time).report.errors.empty());
}
