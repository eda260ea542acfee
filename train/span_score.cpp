// One row at a time: unify, leave out what is ignored, compare.
#include "train/span_score.hpp"

#include <algorithm>
#include <array>

namespace guardrails::train {

namespace {

constexpr std::array<std::string_view, 4> ignored_entities{"AGE", "TITLE", "PREFIX", "ZIP_CODE"};

double ratio(std::size_t part, std::size_t whole) noexcept {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double harmonic_mean(double a, double b) noexcept {
  return a + b > 0 ? 2 * a * b / (a + b) : 0.0;
}

bool overlap(const annotated_span& a, const annotated_span& b) noexcept {
  return a.begin < b.end && b.begin < a.end;
}

bool is_ignored(const annotated_span& s) noexcept {
  return std::ranges::find(ignored_entities, s.entity) != ignored_entities.end();
}

// Cuts an ignored annotation, and white space and commas beside it, off either end of a found span.
void cut_off(std::string_view text, annotated_span& found, const annotated_span& ignored) {
  constexpr std::string_view separators = " \t\r\n,";
  if (!overlap(found, ignored))
    return;
  if (ignored.begin <= found.begin)
    found.begin = std::min(text.find_first_not_of(separators, ignored.end), found.end);
  else if (ignored.end >= found.end)
    found.end = text.find_last_not_of(separators, ignored.begin - 1) + 1;
}

std::vector<annotated_span> without_ignored(std::string_view text, std::vector<annotated_span> found,
                                            const std::vector<annotated_span>& annotated) {
  for (auto& f : found)
    for (const auto& a : annotated)
      if (is_ignored(a) && f.begin < f.end)
        cut_off(text, f, a);
  std::erase_if(found, [](const annotated_span& f) { return f.begin >= f.end; });
  return found;
}

bool any_overlaps(const std::vector<annotated_span>& spans, const annotated_span& with) {
  return std::ranges::any_of(
    spans, [&](const annotated_span& s) { return s.entity == with.entity && overlap(s, with); });
}

} // namespace

span_tally& span_tally::operator+=(const span_tally& other) noexcept {
  annotated += other.annotated;
  found += other.found;
  agreeing += other.agreeing;
  reached += other.reached;
  overlapping += other.overlapping;
  return *this;
}

double span_tally::precision() const noexcept {
  return ratio(agreeing, found);
}

double span_tally::recall() const noexcept {
  return ratio(agreeing, annotated);
}

double span_tally::f1() const noexcept {
  return harmonic_mean(precision(), recall());
}

double span_tally::overlap_f1() const noexcept {
  return harmonic_mean(ratio(overlapping, found), ratio(reached, annotated));
}

std::map<std::string, span_tally> score_spans(std::span<const annotated_text> rows, const span_finder& find,
                                              std::span<const std::string_view> entities) {
  std::map<std::string, span_tally> tallies;
  for (const auto entity : entities)
    tallies.emplace(entity, span_tally{});
  for (const auto& row : rows) {
    const auto annotated = unify(row.text, row.spans);
    const auto found = unify(row.text, without_ignored(row.text, find(row.text), annotated));
    for (const auto& a : annotated)
      if (const auto tally = tallies.find(a.entity); tally != tallies.end()) {
        ++tally->second.annotated;
        tally->second.reached += any_overlaps(found, a) ? 1 : 0;
        tally->second.agreeing += std::ranges::find(found, a) != found.end() ? 1 : 0;
      }
    for (const auto& f : found)
      if (const auto tally = tallies.find(f.entity); tally != tallies.end()) {
        ++tally->second.found;
        tally->second.overlapping += any_overlaps(annotated, f) ? 1 : 0;
      }
  }
  return tallies;
}

} // namespace guardrails::train
