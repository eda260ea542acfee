// The tagger as the check of personal data sees it: recognisers without patterns, and a source that fills
// them.
#pragma once

#include "checks/recognisers/entity_search.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace guardrails::checks::tagger {

/// Persons, places, groups and organisations. (Dates have a recogniser with patterns of its own, to which the
/// source adds those in words.)
std::vector<recogniser> name_recognisers();

/// A source of what the tagger finds of the entities of `wanted`; none where it knows none of them. Throws
/// model_error for an embedded model that does not belong to this build.
std::vector<std::shared_ptr<const entity_source>> name_sources(std::span<const recogniser> wanted);

/// Size of the embedded model, which all sources share.
std::size_t embedded_model_bytes() noexcept;

} // namespace guardrails::checks::tagger
