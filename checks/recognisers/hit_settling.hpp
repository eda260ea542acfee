// Decides which of the hits that overlap stay.
#pragma once

#include "checks/recognisers/entity_search.hpp"

#include <span>
#include <vector>

namespace guardrails::checks {

/// A hit with what its judge made of it.
struct judged_hit {
  entity_hit hit;
  hit_weight weight;
  std::size_t order = 0; ///< of the pattern that found it: of equal hits the first stays

  bool acts() const noexcept { return weight.stands == standing::acts; }
};

/// The hits that stay, by place (entity_search::find says which).
std::vector<judged_hit> settled(std::vector<judged_hit> hits, std::span<const recogniser> of);

} // namespace guardrails::checks
