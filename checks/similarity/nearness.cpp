// A linear support vector machine against ordinary texts, and the likeness to the nearest of the class's own.
#include "checks/similarity/nearness.hpp"

#include "checks/normalise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace guardrails::checks::similarity {

namespace {

constexpr std::size_t neighbours = 3;
constexpr float neighbour_weight = 4;
constexpr float cost = 500;             // of all texts of one side on the wrong one
constexpr unsigned passes = 10;         // over all texts
constexpr std::size_t turns_of_all = 5; // parts of the examples that are left out in turn
constexpr std::size_t most_parts = 64;  // of a description
constexpr double too_near = 0.05;       // share of ordinary texts that may be of the class as well
constexpr double one_in_twenty = 1.645; // standard deviations below the mean
constexpr double found_wrongly = 0.01;  // share of ordinary texts that a sought class may be found in
constexpr double doubted = 2;           // examples that the spread of ordinary texts counts as
constexpr double beyond_ordinary =
  0.1;                                // standard deviations above ordinary texts, where there are no examples
constexpr double bare_likeness = 0.3; // cosine that counts, where there are no ordinary texts either
constexpr double least_slope = 0.1;   // of the score, between where the class begins and its middle
constexpr double surely = 2.944;      // the logistic function's argument for 0.95

struct spread {
  double mean = 0;
  double deviation = 0;
};

spread spread_of(std::span<const float> scores) {
  if (scores.empty())
    return {};
  double sum = 0;
  double squares = 0;
  for (const auto s : scores) {
    sum += static_cast<double>(s);
    squares += static_cast<double>(s) * static_cast<double>(s);
  }
  const auto count = static_cast<double>(scores.size());
  const auto mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

/// Ordinary texts without those that are likest to the class: they may well be of it.
std::vector<const point*> without_nearest(std::span<const point> others, std::span<const float> centre) {
  std::vector<std::pair<float, const point*>> by_likeness;
  for (const auto& other : others)
    by_likeness.emplace_back(other.times(centre), &other);
  std::ranges::stable_sort(by_likeness, std::less{}, &std::pair<float, const point*>::first);
  by_likeness.resize(by_likeness.size() -
                     static_cast<std::size_t>(too_near * static_cast<double>(by_likeness.size())));
  std::vector<const point*> kept;
  for (const auto& [_, other] : by_likeness)
    kept.push_back(other);
  return kept;
}

/// The score that no more than the share of them exceed.
double exceeded_by(double share, std::vector<float> scores) {
  const auto above = static_cast<std::size_t>(share * static_cast<double>(scores.size()));
  const auto at = scores.begin() + static_cast<std::ptrdiff_t>(above);
  std::ranges::nth_element(scores, at, std::greater{});
  return static_cast<double>(*at);
}

/// One text of the fit, on either side.
struct sided {
  const point* at;
  float side;     ///< 1 or -1
  float softness; ///< what its weight costs
  float squared;
  float weight = 0;
};

// Dual coordinate descent for the squared hinge loss (C.-J. Hsieh et al., 2008). The order goes by steps
// prime to the number of texts, so that neither side comes in a row.
void descend(std::span<sided> texts, std::span<float> plane, float& offset) {
  constexpr std::array<std::size_t, 5> steps{7919, 6007, 5003, 4001, 3001};
  const auto count = texts.size();
  for (unsigned pass = 0; pass < passes; ++pass) {
    auto step = steps[pass % steps.size()];
    while (std::gcd(step, count) != 1)
      ++step;
    for (std::size_t i = 0, at = pass; i < count; ++i, at += step) {
      auto& t = texts[at % count];
      const auto gradient = t.side * (t.at->times(plane) + offset) - 1 + t.weight * t.softness;
      const auto next = std::max(0.0F, t.weight - gradient / (t.squared + 1 + t.softness));
      const auto change = (next - t.weight) * t.side;
      t.weight = next;
      t.at->add_to(plane, change);
      offset += change;
    }
  }
}

std::vector<float> centre_of(std::span<const point> points, std::size_t dimensions) {
  std::vector<float> centre(dimensions);
  for (const auto& p : points)
    p.add_to(centre, 1);
  make_unit(centre);
  return centre;
}

std::vector<float> whole(const point& p, std::size_t dimensions) {
  std::vector<float> made(dimensions);
  p.add_to(made, 1);
  return made;
}

/// The name and the description, whole and in parts: a list of things is about each of them.
std::vector<std::string> described(const described_class& wanted) {
  auto name = wanted.name;
  std::ranges::replace(name, '_', ' ');
  std::vector<std::string> texts{name + ". " + wanted.description, name};
  std::string_view rest = wanted.description;
  while (!rest.empty() && texts.size() < most_parts) {
    const auto end = rest.find_first_of(",;:.\n");
    if (const auto part = rest.substr(0, end); part.size() > 2)
      texts.emplace_back(part);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return texts;
}

/// What texts of the class score that the fit has not seen: each in turn is left out with its part.
template <class Fit>
std::vector<float> unseen_scores(const std::vector<point>& description, std::span<const point> examples,
                                 std::size_t dimensions, const Fit& fit) {
  std::vector<float> scores;
  const auto turns = std::min(turns_of_all, examples.size());
  for (std::size_t turn = 0; turn < turns; ++turn) {
    auto seen = description;
    for (std::size_t i = 0; i < examples.size(); ++i)
      if (i % turns != turn)
        seen.push_back(examples[i]);
    const auto boundary = fit(std::move(seen));
    for (auto i = turn; i < examples.size(); i += turns)
      scores.push_back(boundary.score(whole(examples[i], dimensions)));
  }
  return scores;
}

} // namespace

std::vector<float> encoded(const encoder& by, std::string_view text, const stop_function& stop) {
  std::vector<float> made(by.dimensions());
  by.encode(text, made, stop);
  return made;
}

float nearness::boundary::score(std::span<const float> encoded) const {
  std::array<float, neighbours> nearest{};
  if (!own.empty())
    nearest.fill(-1);
  for (const auto& p : own)
    if (const auto likeness = p.times(encoded); likeness > nearest.back()) {
      nearest.back() = likeness;
      std::ranges::sort(nearest, std::greater{});
    }
  const auto count = std::clamp(own.size(), std::size_t{1}, neighbours);
  const auto likeness =
    std::accumulate(nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(count), 0.0F);
  const auto side = std::transform_reduce(plane.begin(), plane.end(), encoded.begin(), offset);
  return side + neighbour_weight * likeness / static_cast<float>(count);
}

nearness::boundary nearness::fit(std::vector<point> own, std::span<const point> others,
                                 std::size_t dimensions) {
  boundary made;
  auto centre = centre_of(own, dimensions);
  if (others.empty()) {
    made.plane = std::move(centre);
  } else {
    const auto ordinary = without_nearest(others, centre);
    std::vector<sided> texts;
    const auto add = [&](const point& p, float side, std::size_t of) {
      texts.push_back({&p, side, static_cast<float>(of) / (2 * cost), p.squared()});
    };
    for (const auto& p : own)
      add(p, 1, own.size());
    for (const auto* p : ordinary)
      add(*p, -1, ordinary.size());
    made.plane.resize(dimensions);
    descend(texts, made.plane, made.offset);
  }
  made.own = std::move(own);
  return made;
}

nearness::nearness(const described_class& wanted, const encoder& by) {
  const auto dimensions = by.dimensions();
  const auto others = by.ordinary();
  const auto point_of = [&](const std::string& text) {
    return point::of(encoded(by, normalise(text).text()));
  };
  const auto points_of = [&](const std::vector<std::string>& texts) {
    std::vector<point> points;
    std::ranges::transform(texts, std::back_inserter(points), point_of);
    std::erase_if(points, [](const point& p) { return p.places.empty(); });
    return points;
  };
  const auto description = points_of(described(wanted));
  const auto examples = points_of(wanted.examples);
  const auto fit_to = [&](std::vector<point> own) { return fit(std::move(own), others, dimensions); };
  const auto own = spread_of(unseen_scores(description, examples, dimensions, fit_to));
  auto all = description;
  all.insert(all.end(), examples.begin(), examples.end());
  boundary_ = fit_to(std::move(all));
  std::vector<float> ordinary_scores;
  for (const auto& other : others)
    ordinary_scores.push_back(boundary_.score(whole(other, dimensions)));
  const auto ordinary = spread_of(ordinary_scores);
  const auto count = static_cast<double>(examples.size());
  const auto deviation =
    std::sqrt((count * own.deviation * own.deviation + doubted * ordinary.deviation * ordinary.deviation) /
              (count + doubted));
  if (!examples.empty())
    begins_ = own.mean - one_in_twenty * deviation;
  else if (!others.empty())
    begins_ = ordinary.mean + beyond_ordinary * ordinary.deviation;
  else
    begins_ = bare_likeness * static_cast<double>(1 + neighbour_weight);
  if (wanted.is_sought && !ordinary_scores.empty())
    begins_ = std::max(begins_, exceeded_by(found_wrongly, std::move(ordinary_scores)));
  gain_ = surely / std::max(one_in_twenty * deviation, least_slope);
}

double nearness::of(std::span<const float> encoded) const {
  const auto score = static_cast<double>(boundary_.score(encoded));
  return 1 / (1 + std::exp(gain_ * (begins_ - score)));
}

} // namespace guardrails::checks::similarity
