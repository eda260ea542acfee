// Looks only for what a policy wants, and not at all where that is nothing.
#include "checks/tagger/name_source.hpp"

#include "checks/tagger/tagger.hpp"

#include <algorithm>

namespace guardrails::checks::tagger {

namespace {

// Dates in digits are the patterns' business, which know what a day is.
bool is_in_words(std::string_view text) {
  constexpr std::size_t shortest_word = 3;
  std::size_t letters = 0;
  return std::ranges::any_of(text, [&](char c) {
    const bool letter =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    letters = letter ? letters + 1 : 0;
    return letters == shortest_word;
  });
}

class name_source final : public entity_source {
public:
  explicit name_source(entity_set wanted)
    : wanted_{wanted}
    , weights_{embedded_model()} {}

  std::string_view name() const noexcept override { return "tagger"; }

  std::vector<tagged> find(std::string_view text, const stop_function& stop) const override {
    std::vector<tagged> found;
    for (const auto& span : tagger::find(text, weights_, wanted_, stop))
      if (span.kind != entity::date_time ||
          is_in_words(text.substr(span.where.begin, span.where.end - span.where.begin)))
        found.push_back({name_of(span.kind), span.where, span.score});
    return found;
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
