// Looks only for what a policy wants, and not at all where that is nothing.
#include "checks/tagger/name_source.hpp"

#include "checks/tagger/tagger.hpp"

#include <algorithm>

namespace guardrails::checks::tagger {

namespace {

bool has_word(std::string_view text, std::size_t letters_of_word) {
  std::size_t letters = 0;
  return std::ranges::any_of(text, [&](char c) {
    const bool letter =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    letters = letter ? letters + 1 : 0;
    return letters == letters_of_word;
  });
}

// Dates in digits are the patterns' business, which know what a day is; and digits with capitals between them
// are numbers of something, not places.
bool is_plausible(entity kind, std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  switch (kind) {
  case entity::date_time:
    return has_word(text, 3);
  case entity::location:
    return std::ranges::none_of(text, is_digit) || std::ranges::any_of(text, is_lower) || has_word(text, 4);
  default:
    return true;
  }
}

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
      if (is_plausible(span.kind, text.substr(span.where.begin, span.where.end - span.where.begin)))
        all.found.push_back({name_of(span.kind), span.where, span.score});
    // The last of so many stands for the rest of the text.
    if (spans.size() == most_spans) {
      all.rest = tagged{name_of(spans.back().kind), spans.back().where, spans.back().score};
      if (!all.found.empty() && all.found.back().where == all.rest->where)
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
