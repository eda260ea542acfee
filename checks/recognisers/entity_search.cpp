// Searches, weighs and settles.
#include "checks/recognisers/entity_search.hpp"

#include "checks/byte_ranges.hpp"
#include "checks/recognisers/context.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

namespace guardrails::checks {

namespace {

// Where the configuration has a user's pattern; ours are never refused.
std::string key_path_of(const recogniser& r, std::size_t form) {
  return r.forms[form].origin == pattern_origin::built_in
           ? r.entity
           : "guardrails.pii.custom_entities." + r.entity + ".patterns[" + std::to_string(form) + ']';
}

struct judged_hit {
  entity_hit hit;
  hit_weight weight;

  bool acts() const noexcept { return weight.stands == standing::acts; }
};

/// Hits of one form that were listed.
struct form_count {
  std::size_t acting = 0;
  std::size_t below_threshold = 0;
};

// An ordinary number satisfies a checksum by chance; a word before it, or a shape that proves itself, does
// not come about so easily.
bool is_told_apart(const recogniser& r, const entity_hit& hit) {
  return !hit.context.empty() || (hit.found.score >= 1.0 && r.sensitive == sensitivity::by_itself);
}

} // namespace

// `rest` has for each recogniser the first hit, if any, after which it is not listed any more: that one
// stands for the rest of the text.
struct entity_search::collected {
  explicit collected(std::size_t recognisers)
    : rest(recognisers) {}

  void leave_to_rest(entity_hit hit) {
    auto& slot = rest[hit.recogniser];
    if (!slot || hit.found.where.begin < slot->found.where.begin)
      slot = std::move(hit);
  }

  /// Takes a hit that `judge` does not ignore. A flood of those below their threshold hides none that acts.
  void add(std::optional<entity_hit> hit, const std::vector<recogniser>& of, const hit_judge& judge,
           form_count& count) {
    const auto weight = hit ? judge(of[hit->recogniser], *hit) : hit_weight{};
    if (weight.stands == standing::ignored)
      return;
    if (weight.stands == standing::below_threshold) {
      if (count.below_threshold++ < most_hits)
        hits.push_back({std::move(*hit), weight});
    } else if (count.acting++ < most_hits) {
      hits.push_back({std::move(*hit), weight});
    } else {
      leave_to_rest(std::move(*hit));
    }
  }

  std::vector<judged_hit> hits;
  std::vector<std::optional<entity_hit>> rest;
};

namespace {

/// The bytes that hits cover: all, those of one entity, those of hits of at least a severity.
class covered_bytes {
public:
  explicit covered_bytes(std::size_t recognisers)
    : by_entity_(recognisers) {}

  /// Whether a hit that ranks behind the others adds nothing to them.
  bool holds(const judged_hit& h) const {
    const auto where = h.hit.found.where;
    const auto severity = h.weight.severity;
    if (!by_severity_[0].touches(where))
      return false;
    return !h.acts() || severity == 0 || by_entity_[h.hit.recogniser].touches(where) ||
           by_severity_[severity].contains(where);
  }

  void add(const judged_hit& h) {
    by_entity_[h.hit.recogniser].add(h.hit.found.where);
    for (std::size_t severity = 0; severity <= h.weight.severity; ++severity)
      by_severity_[severity].add(h.hit.found.where);
  }

private:
  std::vector<byte_ranges> by_entity_;
  std::array<byte_ranges, hit_weight::severities> by_severity_;
};

// The hits that stay, by place.
std::vector<judged_hit> settled(std::vector<judged_hit> hits, const std::vector<recogniser>& of) {
  const auto rank = [&](const judged_hit& h) {
    const auto& r = of[h.hit.recogniser];
    return std::tuple{h.acts(), is_told_apart(r, h.hit), !r.forms.empty(), h.hit.found.score, h.hit.length()};
  };
  std::ranges::stable_sort(hits, [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  covered_bytes covered{of.size()};
  std::erase_if(hits, [&](const judged_hit& h) {
    const bool held = covered.holds(h);
    if (!held)
      covered.add(h);
    return held;
  });
  std::ranges::stable_sort(hits, {}, [](const judged_hit& h) { return h.hit.found.where.begin; });
  return hits;
}

} // namespace

entity_search::entity_search(std::vector<recogniser> recognisers, compile_context& context,
                             std::vector<std::shared_ptr<const entity_source>> sources)
  : recognisers_{std::move(recognisers)}
  , sources_{std::move(sources)}
  , patterns_{context.patterns} {
  std::map<pattern_id, std::size_t> places; // equal expressions have one number
  for (std::size_t r = 0; r < recognisers_.size(); ++r)
    for (std::size_t f = 0; f < recognisers_[r].forms.size(); ++f) {
      const auto& form = recognisers_[r].forms[f];
      const auto id = context.patterns->add({form.expression, key_path_of(recognisers_[r], f), form.origin});
      const auto [place, is_new] = places.try_emplace(id, forms_.size());
      if (is_new)
        forms_.push_back({id, form.origin, {}});
      forms_[place->second].forms.push_back({r, f});
    }
}

std::vector<entity_hit> entity_search::find(std::string_view text, const hit_judge& judge) const {
  return find({text, patterns_->scan(text), {}}, judge);
}

std::vector<entity_hit> entity_search::find(const scanned_text& scanned, const hit_judge& judge) const {
  collected all{recognisers_.size()};
  for (const auto& pattern : forms_)
    if (scanned.hits.contains(pattern.id))
      collect(scanned, pattern, judge, all);
  for (const auto& source : sources_)
    collect(scanned, *source, judge, all);
  std::vector<entity_hit> hits;
  for (auto& h : settled(std::move(all.hits), recognisers_)) {
    if (hits.size() < most_hits)
      hits.push_back(std::move(h.hit));
    else if (h.acts())
      all.leave_to_rest(std::move(h.hit));
  }
  for (auto& rest : all.rest)
    if (rest) {
      rest->found.where.end = scanned.text.size();
      hits.push_back(std::move(*rest));
    }
  return hits;
}

void entity_search::collect(const scanned_text& scanned, const shared_pattern& pattern,
                            const hit_judge& judge, collected& all) const {
  std::vector<form_count> counts(pattern.forms.size());
  const auto look_at = [&](match_range candidate) {
    // The search goes on where the first of the forms wants it to.
    auto resume = scanned.text.size() + 1;
    for (std::size_t i = 0; i < pattern.forms.size(); ++i) {
      if (counts[i].acting > most_hits)
        continue;
      const auto& which = pattern.forms[i];
      const auto& form = recognisers_[which.recogniser].forms[which.form];
      const auto said =
        form.verify ? form.verify(scanned.text, candidate) : confirm(form, scanned.text, candidate);
      resume = std::min(resume, said.resume);
      if (said.hit)
        all.add(weigh(scanned.text, {*said.hit, which.recogniser, form.name, {}}, form.least_with_context),
                recognisers_, judge, counts[i]);
    }
    return search_step{resume};
  };
  // A user's pattern may be of any width, so the number of bytes looked at is bounded by find_all.
  if (pattern.origin == pattern_origin::user)
    std::ranges::for_each(patterns_->find_all(scanned.text, pattern.id, scanned.stop), look_at);
  else
    patterns_->for_each_candidate(scanned.text, pattern.id, scanned.stop, look_at);
}

void entity_search::collect(const scanned_text& scanned, const entity_source& source, const hit_judge& judge,
                            collected& all) const {
  form_count count;
  const auto index_of = [&](const entity_source::tagged& tagged) {
    return static_cast<std::size_t>(std::ranges::find(recognisers_, tagged.entity, &recogniser::entity) -
                                    recognisers_.begin());
  };
  const auto tags = source.find(scanned.text, scanned.stop);
  for (const auto& tagged : tags.found)
    if (const auto index = index_of(tagged); index < recognisers_.size()) {
      const recognised found{tagged.where, tagged.score, {}};
      all.add(weigh(scanned.text, {found, index, source.name(), {}}, least_with_context), recognisers_, judge,
              count);
    }
  if (tags.rest)
    if (const auto index = index_of(*tags.rest); index < recognisers_.size())
      all.leave_to_rest({{tags.rest->where, 1.0, {}}, index, source.name(), {}});
}

// The words before the hit: those that name the entity lift the score, those that name something else drop
// the hit.
std::optional<entity_hit> entity_search::weigh(std::string_view text, entity_hit hit, double at_least) const {
  const auto& r = recognisers_[hit.recogniser];
  auto& found = hit.found;
  if (found.score >= 1.0 && r.sensitive == sensitivity::by_itself)
    return hit;
  const auto words = words_before(text, found.where.begin);
  if (r.refutable && found.checksum.empty() && names_other_number(words))
    return std::nullopt;
  hit.context = find_context(words, r.context);
  if (!hit.context.empty())
    found.score = std::clamp(found.score + context_bonus, at_least, 1.0);
  return hit;
}

finding describe(const entity_hit& hit, const recogniser& of) {
  finding f;
  f.label = of.label;
  f.entity = of.entity;
  f.score = hit.found.score;
  f.span = {hit.found.where.begin, hit.found.where.end};
  f.why.pattern = hit.form;
  f.why.checksum = hit.found.checksum;
  f.why.context = hit.context;
  return f;
}

bool names(const recogniser& r, std::span<const std::string> chosen) {
  return std::ranges::any_of(chosen,
                             [&](const std::string& name) { return name == r.entity || name == r.label; });
}

} // namespace guardrails::checks
