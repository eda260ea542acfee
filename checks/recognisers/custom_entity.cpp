// Builds recognisers out of a configuration.
#include "checks/recognisers/custom_entity.hpp"

#include "checks/recognisers/context.hpp"
#include "checks/recognisers/named_validators.hpp"

#include <guardrails/errors.hpp>

namespace guardrails::checks {

recogniser to_recogniser(const std::string& name, const custom_entity& entity) {
  const auto path = "guardrails.pii.custom_entities." + name;
  if (entity.patterns.empty())
    throw config_error({}, path + ".patterns", "is missing; expected at least one pattern");
  const auto* named = entity.validator.empty() ? nullptr : find_validator(entity.validator);
  if (!entity.validator.empty() && named == nullptr)
    throw config_error({}, path + ".validator", "is not a validator");
  recogniser made{.label = name, .entity = name, .forms = {}, .context = {}};
  for (const auto& word : entity.context)
    made.context.push_back(folded(word));
  for (std::size_t i = 0; i < entity.patterns.size(); ++i)
    made.forms.push_back({.name = "custom[" + std::to_string(i) + ']',
                          .expression = entity.patterns[i],
                          .score = entity.score,
                          .valid = named != nullptr ? named->valid : nullptr,
                          .checksum = named != nullptr ? named->name : std::string_view{},
                          .around = edges::open, // the pattern says itself where it ends
                          .origin = pattern_origin::user});
  return made;
}

} // namespace guardrails::checks
