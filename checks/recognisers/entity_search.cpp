// Searches, weighs and settles.
#include "checks/recognisers/entity_search.hpp"

#include "checks/recognisers/context.hpp"

#include <algorithm>
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
  standing stands;
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

  /// Takes a hit that `judge` does not ignore; `before` are those of the same form. False: there was none.
  bool add(std::optional<entity_hit> hit, const std::vector<recogniser>& of, const hit_judge& judge,
           std::size_t before) {
    const auto stands = hit ? judge(of[hit->recogniser], *hit) : standing::ignored;
    if (stands == standing::ignored)
      return false;
    if (before >= most_hits)
      leave_to_rest(std::move(*hit));
    else
      hits.push_back({std::move(*hit), stands});
    return true;
  }

  std::vector<judged_hit> hits;
  std::vector<std::optional<entity_hit>> rest;
};

namespace {

// The hits that stay, by place.
std::vector<entity_hit> without_overlaps(std::vector<judged_hit> hits, const std::vector<recogniser>& of) {
  const auto rank = [&](const judged_hit& h) {
    return std::tuple{h.stands == standing::acts, is_told_apart(of[h.hit.recogniser], h.hit),
                      h.hit.found.score, h.hit.length()};
  };
  std::ranges::stable_sort(hits, [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  std::map<std::size_t, entity_hit> kept; // by begin
  for (auto& h : hits) {
    const auto& where = h.hit.found.where;
    const auto after = kept.lower_bound(where.end);
    if (after == kept.begin() || std::prev(after)->second.found.where.end <= where.begin)
      kept.emplace_hint(after, where.begin, std::move(h.hit));
  }
  std::vector<entity_hit> ordered;
  ordered.reserve(kept.size());
  for (auto& [begin, hit] : kept)
    ordered.push_back(std::move(hit));
  return ordered;
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
  auto hits = without_overlaps(std::move(all.hits), recognisers_);
  for (auto i = most_hits; i < hits.size(); ++i)
    all.leave_to_rest(std::move(hits[i]));
  hits.resize(std::min(hits.size(), most_hits));
  for (auto& rest : all.rest)
    if (rest) {
      rest->found.where.end = scanned.text.size();
      hits.push_back(std::move(*rest));
    }
  return hits;
}

void entity_search::collect(const scanned_text& scanned, const shared_pattern& pattern,
                            const hit_judge& judge, collected& all) const {
  std::vector<std::size_t> counts(pattern.forms.size(), 0);
  const auto look_at = [&](match_range candidate) {
    // The search goes on where the first of the forms wants it to.
    auto resume = scanned.text.size() + 1;
    for (std::size_t i = 0; i < pattern.forms.size(); ++i) {
      if (counts[i] > most_hits)
        continue;
      const auto& which = pattern.forms[i];
      const auto& form = recognisers_[which.recogniser].forms[which.form];
      const auto said =
        form.verify ? form.verify(scanned.text, candidate) : confirm(form, scanned.text, candidate);
      resume = std::min(resume, said.resume);
      if (said.hit &&
          all.add(weigh(scanned.text, {*said.hit, which.recogniser, form.name, {}}, form.least_with_context),
                  recognisers_, judge, counts[i]))
        ++counts[i];
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
  std::size_t count = 0;
  for (const auto& tagged : source.find(scanned.text, scanned.stop)) {
    const auto of = std::ranges::find(recognisers_, tagged.entity, &recogniser::entity);
    if (of == recognisers_.end() || count > most_hits)
      continue;
    const auto index = static_cast<std::size_t>(of - recognisers_.begin());
    const recognised found{tagged.where, tagged.score, {}};
    count += all.add(weigh(scanned.text, {found, index, source.name(), {}}, least_with_context), recognisers_,
                     judge, count);
  }
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
