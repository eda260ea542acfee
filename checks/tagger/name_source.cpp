// Looks only for what a policy wants, and not at all where that is nothing.
#include "checks/tagger/name_source.hpp"

#include "checks/tagger/plausibility.hpp"
#include "checks/tagger/tagger.hpp"

namespace guardrails::checks::tagger {

namespace {

class name_source final : public entity_source {
public:
  explicit name_source(entity_set wanted)
    : wanted_{wanted}
    , weights_{embedded_model()} {}

  std::string_view name() const noexcept override { return "tagger"; }

  tags find(std::string_view text, const stop_function& stop) const override {
    tags all;
    const auto spans = tagger::find(text, weights_, wanted_, stop);
    for (const auto& span : spans)
      if (is_plausible(span.kind, text, span.where))
        all.found.push_back({name_of(span.kind), span.where, span.score});
    // The last of so many goes on to the end of the text.
    if (spans.size() == most_spans) {
      all.rest = spans.back().where;
      if (!all.found.empty() && all.found.back().where == *all.rest)
        all.found.pop_back();
    }
    return all;
  }

private:
  entity_set wanted_;
  model weights_;
};

recogniser named(std::string_view label, entity kind) {
  return {.label = std::string{label},
          .entity = std::string{name_of(kind)},
          .forms = {},
          .context = {},
          .sensitive = sensitivity::never};
}

} // namespace

std::vector<recogniser> name_recognisers() {
  return {named("Person", entity::person), named("Location", entity::location), named("Group", entity::nrp),
          named("Organization", entity::organization)};
}

std::vector<std::shared_ptr<const entity_source>> name_sources(std::span<const recogniser> wanted) {
  entity_set of_tagger;
  for (const auto& r : wanted)
    if (const auto kind = entity_named(r.entity))
      of_tagger.set(static_cast<std::size_t>(*kind));
  if (of_tagger.none())
    return {};
  return {std::make_shared<const name_source>(of_tagger)};
}

} // namespace guardrails::checks::tagger
