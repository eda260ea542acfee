// Puts the full set together: what is built in and two hundred patterns as users write them.
#include "bench/pattern_texts.hpp"

#include "checks/recognisers/recogniser.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/tagger/name_source.hpp"

#include <set>

namespace guardrails::bench {

namespace {

constexpr std::size_t user_patterns = 200;

// What the tagger has no part in: it finds names, and dates in words.
std::vector<checks::recogniser> recognisers_without_model() {
  auto all = checks::all_recognisers();
  std::erase_if(all, [](const checks::recogniser& r) {
    return !checks::tagger::name_sources(std::span{&r, 1}).empty();
  });
  return all;
}

std::vector<std::string> written_by_users() {
  std::vector<std::string> patterns;
  for (std::size_t i = 0; i < user_patterns; ++i) {
    const auto number = std::to_string(i);
    switch (i % 4) {
    case 0:
      patterns.push_back("(?i)\\bproject[ -]?falcon" + number + "\\b");
      break;
    case 1:
      patterns.push_back("\\bINT-" + number + "-[0-9]{4,6}\\b");
      break;
    case 2:
      patterns.push_back("(?i)internal use only, level " + number);
      break;
    default:
      patterns.push_back("\\b[A-Z]{2}" + number + "X[0-9]{5}\\b");
      break;
    }
  }
  return patterns;
}

} // namespace

rails_config full_set() {
  rails_config config;
  auto& guardrails = config.guardrails;
  guardrails.pii.enabled = true;
  for (const auto& r : recognisers_without_model())
    guardrails.pii.entity_types.push_back(r.entity);
  auto& list = guardrails.block_list.emplace();
  list.patterns = written_by_users();
  return config;
}

std::vector<std::string> patterns_of_full_set() {
  std::set<std::string> expressions;
  for (const auto& r : recognisers_without_model())
    for (const auto& form : r.forms)
      expressions.insert(form.expression);
  for (const auto& form : checks::secrets::all_secret_forms())
    expressions.insert(form.expression);
  for (const auto& pattern : written_by_users())
    expressions.insert(pattern);
  return {expressions.begin(), expressions.end()};
}

} // namespace guardrails::bench
