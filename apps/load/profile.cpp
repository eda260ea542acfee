// The integral of a rate of straight lines, and its inverse.
#include "apps/load/profile.hpp"

#include "apps/mock_llm/mock_llm_options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace guardrails::load {
namespace {

using std::chrono::nanoseconds;
using seconds = std::chrono::duration<double>;

constexpr double fastest = 200'000;
constexpr std::chrono::hours longest{1};
constexpr std::size_t most_phases = 1'000;

double requests_of(const phase& what) noexcept {
  return (what.from + what.to) / 2 * seconds{what.time}.count();
}

template <class Number>
bool take_number(std::string_view text, Number& into) noexcept {
  const auto* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, into);
  return problem == std::errc{} && end == last;
}

bool take_rate(std::string_view text, double& into) noexcept {
  return take_number(text, into) && into >= 0 && into <= fastest;
}

/// `RATE..RATE` with steps, of which each is as long.
bool add_steps(const phase& whole, std::size_t steps, std::vector<phase>& phases) {
  if (steps < 2 || steps > most_phases)
    return false;
  const auto step = (whole.to - whole.from) / static_cast<double>(steps - 1);
  for (std::size_t i = 0; i < steps; ++i) {
    const auto rate = whole.from + static_cast<double>(i) * step;
    phases.push_back({rate, rate, whole.time / steps});
  }
  return true;
}

bool add_phase(std::string_view text, std::vector<phase>& phases) {
  const auto at = text.find('@');
  if (at == std::string_view::npos)
    return false;
  const auto time = mock_llm::parse_duration(text.substr(at + 1));
  if (!time || time->count() <= 0 || *time > longest)
    return false;
  const auto rates = text.substr(0, at);
  const auto dots = rates.find("..");
  const auto slash = rates.find('/');
  phase next{0, 0, *time};
  if (!take_rate(rates.substr(0, dots), next.from))
    return false;
  next.to = next.from;
  if (dots != std::string_view::npos &&
      !take_rate(rates.substr(dots + 2, slash == std::string_view::npos ? slash : slash - dots - 2), next.to))
    return false;
  std::size_t steps = 0;
  if (slash != std::string_view::npos)
    return dots != std::string_view::npos && slash > dots && take_number(rates.substr(slash + 1), steps) &&
           add_steps(next, steps, phases);
  phases.push_back(next);
  return true;
}

} // namespace

profile::profile(std::vector<phase> phases) {
  for (const auto& each : phases) {
    parts_.push_back({each, duration_, requests_});
    duration_ += each.time;
    requests_ += requests_of(each);
  }
}

nanoseconds profile::at(double request) const noexcept {
  const auto after = std::ranges::upper_bound(parts_, request, {}, &part::before);
  const auto& [what, start, before] = *std::prev(after == parts_.begin() ? std::next(after) : after);
  const auto own = request - before;
  if (own <= 0)
    return start;
  const auto growth = (what.to - what.from) / seconds{what.time}.count();
  const auto root = std::sqrt(std::max(what.from * what.from + 2 * growth * own, 0.0));
  return start + std::min(nanoseconds{std::llround(2e9 * own / (what.from + root))}, what.time);
}

std::optional<std::vector<phase>> parse_schedule(std::string_view text) {
  std::vector<phase> phases;
  for (bool more = true; more;) {
    const auto one = text.substr(0, text.find(','));
    if (!add_phase(one, phases) || phases.size() > most_phases)
      return std::nullopt;
    more = one.size() < text.size();
    text.remove_prefix(more ? one.size() + 1 : one.size());
  }
  const profile whole{phases};
  if (whole.duration() > longest || whole.requests() < 1)
    return std::nullopt;
  return phases;
}

} // namespace guardrails::load
