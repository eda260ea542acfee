// Searches, weighs and settles.
#include "checks/recognisers/entity_search.hpp"

#include "checks/recognisers/hit_settling.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace guardrails::checks {

namespace {

// Where the configuration has a user's pattern; ours are never refused.
std::string key_path_of(const recogniser& r, std::size_t form) {
  return r.forms[form].origin == pattern_origin::built_in
           ? r.entity
           : "guardrails.pii.custom_entities." + r.entity + ".patterns[" + std::to_string(form) + ']';
}

// A page of an ordinary text has fewer.
constexpr std::size_t usual_hits = 16;

/// Hits of one form that were listed.
struct form_count {
  std::size_t acting = 0;
  std::size_t below_threshold = 0;
};

} // namespace

// One search. `rest` has for each recogniser the first hit, if any, after which it is not listed any more:
// that one stands for the rest of the text.
struct entity_search::search {
  const entity_search& of;
  const scanned_text& scanned;
  const hit_judge& judge;
  std::vector<judged_hit> hits = {};
  std::map<std::size_t, entity_hit> rest = {};
  std::vector<form_count> counts = {};
  preceding_words before = {};

  void leave_to_rest(entity_hit hit) {
    const auto recogniser = hit.recogniser;
    const auto place = rest.find(recogniser);
    if (place == rest.end())
      rest.emplace(recogniser, std::move(hit));
    else if (hit.found.where.begin < place->second.found.where.begin)
      place->second = std::move(hit);
  }

  /// Takes a hit that `judge` does not ignore. A flood of those below their threshold hides none that acts.
  void add(std::optional<entity_hit> hit, std::size_t order, form_count& count) {
    const auto weight = hit ? judge(of.recognisers_[hit->recogniser], *hit) : hit_weight{};
    if (weight.stands == standing::ignored)
      return;
    if (hits.empty())
      hits.reserve(usual_hits);
    if (weight.stands == standing::below_threshold) {
      if (count.below_threshold++ < most_hits)
        hits.push_back({std::move(*hit), weight, order});
    } else if (count.acting++ < most_hits) {
      hits.push_back({std::move(*hit), weight, order});
    } else {
      leave_to_rest(std::move(*hit));
    }
  }

  // The search goes on where the first of the forms wants it to.
  search_step look_at(const shared_pattern& pattern, match_range candidate) {
    counts.resize(of.counts_);
    auto resume = scanned.text.size() + 1;
    for (std::size_t i = 0; i < pattern.forms.size(); ++i) {
      auto& count = counts[pattern.first_count + i];
      if (count.acting > most_hits)
        continue;
      const auto& which = pattern.forms[i];
      const auto& form = of.recognisers_[which.recogniser].forms[which.form];
      const auto said =
        form.verify ? form.verify(scanned.text, candidate) : confirm(form, scanned.text, candidate);
      resume = std::min(resume, said.resume);
      if (said.hit)
        add(weigh({*said.hit, which.recogniser, form.name, {}}, form.least_with_context),
            static_cast<std::size_t>(&pattern - of.forms_.data()), count);
    }
    return search_step{resume};
  }

  void look_at_located() {
    of.patterns_->for_each_located(scanned, [&](pattern_id id, match_range candidate) {
      const auto place = id < of.form_of_.size() ? of.form_of_[id] : of.forms_.size();
      if (place == of.forms_.size())
        return search_step{scanned.text.size() + 1};
      return look_at(of.forms_[place], candidate);
    });
  }

  // What nobody looked at: taken for a hit that is as sure as can be, if such a one acts.
  void leave_unseen(match_range where, std::size_t recogniser, std::string_view form) {
    entity_hit unseen{{where, 1.0, {}}, recogniser, form, {}};
    if (judge(of.recognisers_[recogniser], unseen).stands == standing::acts)
      leave_to_rest(std::move(unseen));
  }

  // A user's pattern may be of any width, so the number of bytes looked at is bounded. What is behind them
  // may satisfy a checksum or have a context word, whatever was there before.
  void look_for(const shared_pattern& pattern) {
    const auto look = [&](match_range candidate) { return look_at(pattern, candidate); };
    if (pattern.origin == pattern_origin::built_in)
      return of.patterns_->for_each_candidate(scanned, pattern.id, look);
    const auto all = of.patterns_->matches(scanned.text, pattern.id, scanned.stop);
    std::ranges::for_each(all.found, look);
    for (const auto& [recogniser, form] : pattern.forms)
      if (all.rest)
        leave_unseen(*all.rest, recogniser, of.recognisers_[recogniser].forms[form].name);
  }

  void look_for(const entity_source& source) {
    form_count count;
    const auto index_of = [&](const entity_source::tagged& tagged) {
      return static_cast<std::size_t>(std::ranges::find(of.recognisers_, tagged.entity, &recogniser::entity) -
                                      of.recognisers_.begin());
    };
    const auto tags = source.find(scanned.text, scanned.stop);
    for (const auto& tagged : tags.found)
      if (const auto index = index_of(tagged); index < of.recognisers_.size()) {
        const recognised found{tagged.where, tagged.score, {}};
        add(weigh({found, index, source.name(), {}}, least_with_context), of.forms_.size(), count);
      }
    for (std::size_t index = 0; tags.rest && index < of.recognisers_.size(); ++index)
      if (of.recognisers_[index].forms.empty())
        leave_unseen(*tags.rest, index, source.name());
  }

  // The words before the hit: those that name the entity lift the score, those that name something else drop
  // the hit.
  std::optional<entity_hit> weigh(entity_hit hit, double at_least) {
    const auto& r = of.recognisers_[hit.recogniser];
    auto& found = hit.found;
    if (found.score >= 1.0 && r.sensitive == sensitivity::by_itself)
      return hit;
    of.context_.read(scanned.text, found.where.begin, before);
    if (r.refutable && found.checksum.empty() && before.name_other_number)
      return std::nullopt;
    hit.context = of.context_.matching(before, r, hit.recogniser);
    if (!hit.context.empty())
      found.score = std::clamp(found.score + context_bonus, at_least, 1.0);
    return hit;
  }

  // What stays, listed, and what stands for the rest.
  std::vector<entity_hit> finish() && {
    auto staying = settled(std::move(hits), of.recognisers_);
    std::vector<entity_hit> listed;
    listed.reserve(std::min(staying.size(), most_hits) + rest.size());
    for (auto& h : staying) {
      if (listed.size() < most_hits)
        listed.push_back(std::move(h.hit));
      else if (h.acts())
        leave_to_rest(std::move(h.hit));
    }
    for (auto& [recogniser, hit] : rest) {
      hit.found.where.end = scanned.text.size();
      listed.push_back(std::move(hit));
    }
    return listed;
  }
};

entity_search::entity_search(std::vector<recogniser> recognisers, compile_context& context,
                             std::vector<std::shared_ptr<const entity_source>> sources)
  : recognisers_{std::move(recognisers)}
  , context_{recognisers_}
  , sources_{std::move(sources)}
  , patterns_{context.patterns} {
  std::map<pattern_id, std::size_t> places; // equal expressions have one number
  for (std::size_t r = 0; r < recognisers_.size(); ++r)
    for (std::size_t f = 0; f < recognisers_[r].forms.size(); ++f) {
      const auto& form = recognisers_[r].forms[f];
      const auto id = context.patterns->add({form.expression, key_path_of(recognisers_[r], f), form.origin});
      const auto [place, is_new] = places.try_emplace(id, forms_.size());
      if (is_new && !context.patterns->is_located(id))
        gated_.push_back(forms_.size());
      if (is_new)
        forms_.push_back({id, form.origin, {}, 0});
      forms_[place->second].forms.push_back({r, f});
    }
  for (auto& pattern : forms_) {
    pattern.first_count = counts_;
    counts_ += pattern.forms.size();
  }
  if (!places.empty())
    form_of_.assign(places.rbegin()->first + std::size_t{1}, forms_.size());
  for (const auto& [id, place] : places)
    form_of_[id] = place;
}

std::vector<entity_hit> entity_search::find(std::string_view text, const hit_judge& judge) const {
  return find({text, patterns_->scan(text), {}}, judge);
}

std::vector<entity_hit> entity_search::find(const scanned_text& scanned, const hit_judge& judge) const {
  search all{*this, scanned, judge};
  all.look_at_located();
  for (const auto place : gated_)
    if (scanned.hits.contains(forms_[place].id))
      all.look_for(forms_[place]);
  for (const auto& source : sources_)
    all.look_for(*source);
  return std::move(all).finish();
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
