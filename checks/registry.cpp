// The checks in order of precedence, and how a configuration becomes a rail.
#include "checks/registry.hpp"

#include "checks/normalise.hpp"
#include "checks/rail.hpp"
#include "checks/recognisers/entity_search.hpp"
#include "checks/secrets/secret_search.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::checks {

namespace {

struct entry {
  std::string_view name;
  std::unique_ptr<const check> (*compile)(compile_context&);
};

// The first failing check in this order names the message.
constexpr std::array entries{
  entry{"pii", compile_pii}, // first: the others see what it masked
  entry{"toxicity", compile_toxicity},
  entry{"sensitive_data", compile_sensitive_data},
  entry{"semantic_class", compile_semantic_class},
  entry{"semantic_class", compile_hidden_text}, // its second part
  entry{"routes", compile_own_routes},
  entry{"off_topic", compile_off_topic},
  entry{"sql_syntax", compile_sql_syntax},
  entry{"block_list", compile_block_list},
  entry{"ban_list", compile_ban_list},
  entry{"invisible_text", compile_invisible_text},
  entry{"urls", compile_urls},
  entry{"languages", compile_languages},
  entry{"output_json", compile_output_json},
  entry{"data_exfiltration", compile_data_exfiltration},
};

std::string known_names() {
  std::string names;
  std::string_view last;
  for (const auto& e : entries)
    if (std::exchange(last, e.name) != e.name)
      names.append(names.empty() ? "" : ", ").append(e.name);
  return names;
}

void refuse_unknown(std::span<const std::string> only) {
  for (const auto& name : only)
    if (std::ranges::find(entries, name, &entry::name) == entries.end())
      throw config_error({}, name, "no such check; expected one of " + known_names());
}

void refuse_unknown_entities(std::span<const std::string> entities, const pii_config& pii) {
  const auto recognisers = all_recognisers();
  for (const auto& name : entities) {
    const std::span one{&name, 1};
    if (name != secrets::secret_label && !secrets::is_secret_entity(name) &&
        !pii.custom_entities.contains(name) &&
        std::ranges::none_of(recognisers, [&](const recogniser& r) { return names(r, one); }))
      throw config_error({}, name, "no such entity");
  }
}

std::vector<std::unique_ptr<const check>> compile_checks(compile_context& context) {
  const auto only = context.only;
  std::vector<std::unique_ptr<const check>> checks;
  for (const auto& e : entries) {
    if (!only.empty() && std::ranges::find(only, e.name) == only.end())
      continue;
    if (auto compiled = e.compile(context))
      checks.push_back(std::move(compiled));
  }
  return checks;
}

} // namespace

rail compile_rail(const rails_config& config, direction dir, std::span<const std::string> only,
                  std::span<const std::string> entities, const models::head_model& own_heads) {
  refuse_unknown(only);
  refuse_unknown_entities(entities, config.guardrails.pii);
  prepare_normalisation();
  compile_context context{config, entities, std::make_shared<policy_patterns>(), only, {}, own_heads};
  auto checks = compile_checks(context);
  context.patterns->compile();
  return {std::move(checks), dir, config, std::move(context.patterns), std::move(context.heads)};
}

policy_size size_of_policy(const rails_config& config) {
  prepare_normalisation();
  compile_context context{config, {}, std::make_shared<policy_patterns>()};
  const auto& g = config.guardrails;
  auto& names = context.size.checks;
  for (const auto& c : compile_checks(context))
    if ((g.input_checks && c->judges(direction::input)) || (g.output_checks && c->judges(direction::output)))
      if (names.empty() || names.back() != c->name())
        names.emplace_back(c->name());
  context.size.add_patterns(context.patterns->all());
  return std::move(context.size);
}

} // namespace guardrails::checks
