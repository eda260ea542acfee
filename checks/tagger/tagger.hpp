// Finds persons, places, groups, organisations and dates in running text.
#pragma once

#include "checks/check.hpp"
#include "checks/pattern_engine.hpp"
#include "checks/tagger/labels.hpp"
#include "checks/tagger/model.hpp"

#include <bitset>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::tagger {

/// The entities looked for.
using entity_set = std::bitset<entity_count>;

/// Those of `names` the tagger knows; all where `names` is empty. Other names are left to others.
entity_set entities_named(std::span<const std::string> names);

/// One occurrence of an entity.
struct tagged_span {
  entity kind = entity::person;
  match_range where;
  double score = 0; ///< 0..1, a probability
};

/// Occurrences listed one by one; past them the rest of the text counts as one.
inline constexpr std::size_t most_spans = 10'000;

/// The occurrences of the wanted entities in `text`, by place, none overlapping. Takes any bytes; linear;
/// keeps 256 tokens in memory at a time. Empty at once when nothing is wanted; incomplete once `stop` says
/// so.
std::vector<tagged_span> find(std::string_view text, const model& weights, entity_set wanted,
                              const stop_function& stop = {});

} // namespace guardrails::checks::tagger
