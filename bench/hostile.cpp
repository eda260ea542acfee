// Nanoseconds per byte of a rail with every check on, for each family of hostile texts at three lengths: how
// they grow with the length, and how they compare with prose. Names the dearest check where a limit is
// broken.
#include "checks/rail.hpp"
#include "tests/cpu_time.hpp"
#include "tests/every_check.hpp"
#include "tests/hostile_families.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace guardrails;

constexpr std::array<std::size_t, 3> lengths{1 << 10, 32 << 10, 1 << 20};
constexpr std::size_t least_bytes = 64 << 10; // judged for one figure
constexpr double growth_limit = 3;
constexpr double prose_limit = 20;

std::uint64_t cpu_clock() noexcept {
  return static_cast<std::uint64_t>(1e9 * test::thread_cpu_seconds());
}

/// Of one family at one length, in nanoseconds per byte: the sum, and what each check takes of it.
struct cost {
  double total = 0;
  std::map<std::string, double> by_check;
};

cost measure(const checks::rail& rail, const test::text_family& family, std::size_t length) {
  const auto texts = std::max<std::size_t>(1, least_bytes / length);
  cost spent;
  std::size_t bytes = 0;
  for (std::uint32_t seed = 0; seed < texts; ++seed) {
    const auto text = family.make(length, seed);
    check_report report;
    spent.total += 1e9 * test::cpu_seconds([&] { report = rail.judge(text, cpu_clock).report; });
    for (const auto& [check, latency] : report.latency_us)
      spent.by_check[check] += 1e3 * latency;
    bytes += text.size();
  }
  spent.total /= static_cast<double>(bytes);
  for (auto& [check, nanoseconds] : spent.by_check)
    nanoseconds /= static_cast<double>(bytes);
  return spent;
}

struct family_costs {
  std::string name;
  std::array<cost, lengths.size()> at;

  double growth() const { return at.back().total / at.front().total; }
  double times(const family_costs& prose, std::size_t i) const { return at[i].total / prose.at[i].total; }
};

bool is_over(const family_costs& costs, const family_costs& prose) {
  return costs.growth() > growth_limit || costs.times(prose, 1) > prose_limit ||
         costs.times(prose, 2) > prose_limit;
}

family_costs measure_all(const checks::rail& rail, const test::text_family& family) {
  family_costs costs{family.name, {}};
  for (std::size_t i = 0; i < lengths.size(); ++i)
    costs.at[i] = measure(rail, family, lengths[i]);
  return costs;
}

/// What is over a limit is measured again, and the least counts: what else runs on the machine only adds.
family_costs measure_fairly(const checks::rail& rail, const test::text_family& family,
                            const family_costs& prose) {
  auto costs = measure_all(rail, family);
  for (int i = 0; i < 2 && is_over(costs, prose); ++i) {
    auto again = measure_all(rail, family);
    for (std::size_t at = 0; at < lengths.size(); ++at)
      if (again.at[at].total < costs.at[at].total)
        costs.at[at] = std::move(again.at[at]);
  }
  return costs;
}

std::string printable(std::string_view name) {
  std::string out;
  for (const char c : name)
    out.append(c == '\n' ? "\\n" : std::string(1, c));
  return out;
}

void print_checks(const cost& spent) {
  for (const auto& [check, nanoseconds] : spent.by_check)
    if (nanoseconds > spent.total / 20)
      std::printf("      %-18s %8.1f ns/B\n", check.c_str(), nanoseconds);
}

void print(const family_costs& costs, const family_costs& prose, bool every_check) {
  std::printf("%-38s %8.1f %8.1f %8.1f   growth %5.2f   prose x%6.2f, x%6.2f\n",
              printable(costs.name).c_str(), costs.at[0].total, costs.at[1].total, costs.at[2].total,
              costs.growth(), costs.times(prose, 1), costs.times(prose, 2));
  if (every_check || is_over(costs, prose))
    print_checks(costs.times(prose, 1) > prose_limit ? costs.at[1] : costs.at[2]);
  std::fflush(stdout);
}

template <class Figure>
void print_worst(std::vector<family_costs>& all, std::string_view what, double limit, Figure figure) {
  std::ranges::sort(all, std::greater{}, figure);
  const auto over = std::ranges::count_if(all, [&](const auto& c) { return figure(c) > limit; });
  std::printf("%s (limit %.0f): %lld of %zu families over; the worst:", std::string{what}.c_str(), limit,
              static_cast<long long>(over), all.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(5, all.size()); ++i)
    std::printf("%s %s %.2f", i == 0 ? "" : ",", printable(all[i].name).c_str(), figure(all[i]));
  std::printf("\n");
}

checks::rail compile() {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  auto rail = checks::compile_rail(test::every_check(), checks::direction::output);
  const std::chrono::duration<double, std::milli> took = clock::now() - begin;
  std::printf("every check compiled in %.0f ms (limit 1000)\n", took.count());
  return rail;
}

} // namespace

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  const auto rail = compile();
  const auto prose = measure_all(rail, test::prose_family());
  std::printf("ns per byte of                              1 KB    32 KB     1 MB       1 MB/1 KB         32 "
              "KB,   1 MB\n");
  print(prose, prose, true);
  std::vector<family_costs> all;
  auto families = test::hostile_families();
  std::ranges::move(test::hostile_variations(), std::back_inserter(families));
  for (const auto& family : families) {
    if (family.name.find(wanted) == std::string::npos)
      continue;
    all.push_back(measure_fairly(rail, family, prose));
    print(all.back(), prose, !wanted.empty());
  }
  print_worst(all, "growth from 1 KB to 1 MB", growth_limit, [](const auto& c) { return c.growth(); });
  print_worst(all, "times prose at 1 MB", prose_limit, [&](const auto& c) { return c.times(prose, 2); });
  print_worst(all, "times prose at 32 KB", prose_limit, [&](const auto& c) { return c.times(prose, 1); });
  return EXIT_SUCCESS;
}
