// Collects what the forms of secrets confirm and settles overlaps.
#include "checks/secrets/secret_search.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

namespace guardrails::checks::secrets {

namespace {

// Of secrets that overlap, the one with the higher score stays, then the longer one.
std::vector<secret> without_overlaps(std::vector<secret> found) {
  const auto length = [](const secret& s) { return s.where.end - s.where.begin; };
  std::ranges::stable_sort(found, [&](const secret& a, const secret& b) {
    return a.score != b.score ? a.score > b.score : length(a) > length(b);
  });
  std::map<std::size_t, secret> kept; // by begin
  for (const auto& s : found) {
    const auto after = kept.lower_bound(s.where.end);
    if (after == kept.begin() || std::prev(after)->second.where.end <= s.where.begin)
      kept.emplace_hint(after, s.where.begin, s);
  }
  std::vector<secret> ordered;
  ordered.reserve(kept.size());
  for (const auto& [begin, s] : kept)
    ordered.push_back(s);
  return ordered;
}

} // namespace

secret_search::secret_search(std::span<const std::string> entities, std::shared_ptr<policy_patterns> patterns)
  : patterns_{patterns} {
  const bool all = entities.empty() || std::ranges::find(entities, secret_label) != entities.end();
  if (!all)
    std::ranges::copy_if(entities, std::back_inserter(entities_), is_secret_entity);
  if (!all && entities_.empty())
    return;
  for (auto& form : all_secret_forms()) {
    const auto id = patterns->add({form.expression, std::string{secret_label}, pattern_origin::built_in});
    forms_.push_back({id, std::move(form)});
  }
}

std::vector<secret> secret_search::find(const scanned_text& scanned, double threshold,
                                        std::size_t most) const {
  std::vector<secret> found;
  std::optional<secret> rest; // the first one past the limit
  const auto leave_to_rest = [&](const secret& s) {
    if (!rest || s.where.begin < rest->where.begin)
      rest = s;
  };
  for (const auto& f : forms_) {
    if (!scanned.hits.contains(f.id))
      continue;
    std::size_t count = 0;
    patterns_->for_each_candidate(scanned, f.id, [&](match_range candidate) {
      auto said = f.form.verify(scanned.text, candidate);
      if (said.hit)
        said.announced.push_back(*said.hit);
      for (const auto& hit : said.announced) {
        if (hit.score < threshold || !is_wanted(hit))
          continue;
        if (++count > most) {
          leave_to_rest(hit);
          return search_step{scanned.text.size() + 1};
        }
        found.push_back(hit);
      }
      return search_step{said.resume};
    });
  }
  found = without_overlaps(std::move(found));
  for (auto i = most; i < found.size(); ++i)
    leave_to_rest(found[i]);
  if (found.size() > most)
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
  if (rest) {
    rest->where.end = scanned.text.size();
    found.push_back(*rest);
  }
  return found;
}

bool secret_search::is_wanted(const secret& found) const {
  return entities_.empty() || std::ranges::find(entities_, found.entity) != entities_.end();
}

bool is_secret_entity(std::string_view name) {
  return std::ranges::binary_search(all_secret_entities(), name);
}

} // namespace guardrails::checks::secrets
