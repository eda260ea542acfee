// Walks the document along the key table, then checks what concerns several keys at once.
#include "config/section_reader.hpp"

#include "config/entity_names.hpp"
#include "config/judge_rules.hpp"
#include "config/keys.hpp"
#include "config/llm_rules.hpp"
#include "config/printable.hpp"
#include "config/topic_rules.hpp"
#include "config/values.hpp"

#include <guardrails/pii.hpp>

#include <algorithm>
#include <map>

namespace guardrails::config {

namespace {

std::string join(const std::string& parent, std::string_view name) {
  return parent.empty() ? std::string{name} : parent + '.' + std::string{name};
}

std::vector<std::string_view> names_in(std::string_view section) {
  std::vector<std::string_view> names;
  for (const auto& k : all_keys())
    if (k.parent() == section && k.kind != key_kind::missing)
      names.push_back(k.name());
  return names;
}

/// The path of the known key that `name` in `section` was meant to be; empty when none is near.
std::string meant_key(const std::string& section, std::string_view name) {
  std::vector<std::string_view> here;
  std::vector<std::string_view> elsewhere;
  for (const auto& k : all_keys())
    (k.parent() == section ? here : elsewhere).push_back(k.name());
  if (const auto near = nearest(name, here); !near.empty())
    return join(section, near);
  const auto near = nearest(name, elsewhere);
  const auto found = std::ranges::find_if(
    all_keys(), [&](const key& k) { return !near.empty() && k.name() == near && k.parent() != section; });
  return found == all_keys().end() ? std::string{} : found->path;
}

/// Reads one document into one configuration.
class walk {
public:
  walk(const document& in, rails_config& config)
    : in_{in}
    , config_{config} {}

  void read_members(const node& map, const std::string& section) {
    for (const auto& m : map.members)
      read_member(m, section);
  }

  /// Rules that concern more than one key.
  void finish() {
    if (config_.llm)
      check_engine();
    check_token_budget();
    check_judge("guardrails.toxicity", config_.guardrails.toxicity);
    check_judge("guardrails.content_class", config_.guardrails.content_class);
    if (const auto wrong = problem_of_topics(config_.guardrails))
      fail(wrong->key, wrong->path, wrong->problem);
    if (const auto& list = config_.guardrails.block_list;
        list && list->words.empty() && list->patterns.empty())
      fail("guardrails.block_list", "guardrails.block_list",
           "is empty; expected at least one of words and patterns");
    if (const auto& languages = config_.guardrails.languages; languages && languages->allow.empty())
      fail("guardrails.languages", "guardrails.languages", "allows none; expected at least one in allow");
    const auto& limits = config_.guardrails.data_exfiltration.action_thresholds;
    const std::string thresholds = "guardrails.data_exfiltration.action_thresholds";
    if (limits.warn > limits.block)
      fail(thresholds, thresholds, "has warn above block; expected at most the same");
    const auto& pii = config_.guardrails.pii;
    if (pii.mask_format == "hash" && pii.mask_key.empty())
      fail("guardrails.pii.mask_format", "guardrails.pii.mask_key",
           "is missing; mask_format hash requires it");
    if (pii.reversible && !is_reversible_format(pii.mask_format))
      fail("guardrails.pii.reversible", "guardrails.pii.reversible",
           "needs placeholders; expected mask_format <ENTITY_TYPE_N>");
    const auto& tls = config_.cluster.tls;
    const auto files = !tls.certificate.empty() + !tls.key.empty() + !tls.ca_file.empty();
    if (files != 0 && files != 3)
      fail("cluster.tls", "cluster.tls", "is not complete; expected certificate, key and ca_file");
  }

private:
  void read_member(const member& m, const std::string& section) {
    const auto path = join(section, printable(m.key, 80));
    // A dot in a key would let it pass for a path.
    const auto* known = m.key.find('.') == std::string::npos ? find_key(join(section, m.key)) : nullptr;
    if (known == nullptr)
      refuse_unknown(m, section, path);
    seen_.emplace(path, m.at);
    const place at{in_, m.value, path};
    switch (known->kind) {
    case key_kind::value:
      known->read(config_, at);
      break;
    case key_kind::section:
      read_section(*known, at);
      break;
    case key_kind::missing:
      read_missing(*known, at);
    }
  }

  void read_section(const key& known, const place& at) {
    const auto scalar = at.value.kind == shape::scalar;
    if (scalar && !known.scalar_key.empty()) {
      const auto target = find_key(join(known.path, known.scalar_key));
      target->read(config_, at);
      return;
    }
    if (scalar && known.may_be_false && !parse_bool(at))
      return;
    if (at.value.kind == shape::list && known.path == "llm")
      at.fail("a list of targets is not available in this version; expected a map");
    if (at.value.kind != shape::map)
      at.fail_type("a map with keys such as " + std::string{names_in(known.path).front()});
    if (known.open)
      known.open(config_);
    read_members(at.value, known.path);
  }

  /// A feature that does not exist may be switched off, and nothing else.
  static void read_missing(const key& known, const place& at) {
    const auto* const sentence = "is not available in this version; expected ";
    if (known.form == missing_form::none)
      at.fail(std::string{sentence} + "no such key");
    if (known.form == missing_form::section && at.value.kind == shape::map) {
      const auto& members = at.value.members;
      if (members.size() == 1 && members[0].key == "enabled" &&
          !parse_bool({at.in, members[0].value, at.path + ".enabled"}))
        return;
    } else if (at.value.kind == shape::scalar && !parse_bool(at)) {
      return;
    }
    at.fail(std::string{sentence} +
            (known.form == missing_form::section ? "false or {enabled: false}" : "false"));
  }

  [[noreturn]] void refuse_unknown(const member& m, const std::string& section,
                                   const std::string& path) const {
    const auto names = names_in(section);
    auto problem = std::string{"unknown key; expected "};
    problem += names.size() <= 20 ? either(names) : "a key of " + section;
    throw config_error{{in_.source, m.at.line, m.at.column}, path, problem, meant_key(section, m.key)};
  }

  [[noreturn]] void fail(const std::string& at_key, const std::string& path, std::string problem) const {
    const auto found = seen_.find(at_key);
    const auto at = found == seen_.end() ? mark{} : found->second;
    throw config_error{{in_.source, at.line, at.column}, path, std::move(problem)};
  }

  void check_engine() {
    if (!seen_.contains("llm.engine"))
      fail("llm", "llm.engine", "is missing; expected " + find_key("llm.engine")->allowed);
    const auto engine = config_.llm->engine;
    const auto chosen = set_of(engine);
    const auto name = format(engine);
    for (const auto& k : all_keys()) {
      const auto present = seen_.contains(k.path);
      if (present && (k.engines & chosen) == 0)
        fail(k.path, k.path, "does not belong to engine " + name + "; it is for " + engine_names(k.engines));
      if ((k.required_by & chosen) == 0)
        continue;
      if (!present)
        fail("llm", k.path, "is missing; engine " + name + " requires it");
      if (!k.write(config_))
        fail(k.path, k.path, "is empty; engine " + name + " requires it");
    }
    complete_llm(*config_.llm);
  }

  void check_token_budget() const {
    const auto& budget = config_.guardrails.token_budget;
    const std::string path = "guardrails.token_budget";
    if (budget.enabled && !budget.max_request_tokens && !budget.max_run_tokens)
      fail(path, path, "has no limit; expected max_request_tokens or max_run_tokens");
    for (const auto& limit : {budget.max_request_tokens, budget.max_run_tokens})
      if (limit && budget.reserved_output_tokens >= *limit)
        fail(path + ".reserved_output_tokens", path + ".reserved_output_tokens",
             "leaves no room for a request; expected less than " + std::to_string(*limit));
    if (budget.pretokenizer && budget.vocabulary.empty())
      fail(path + ".pretokenizer", path + ".pretokenizer", "is set without a vocabulary to apply");
  }

  void check_judge(const std::string& path, judge_config& judge) const {
    const auto given = [&](std::string_view name) { return seen_.contains(join(path, name)); };
    if (const auto mistake = complete_judge(judge, given)) {
      const auto at = join(path, mistake->key);
      fail(seen_.contains(at) ? at : path, at, mistake->problem);
    }
  }

  static std::string engine_names(engine_set engines) {
    std::vector<std::string_view> names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<llm_engine>>([&](auto d) {
      if ((engines & set_of(d.value)) != 0)
        names.emplace_back(d.name);
    });
    return either(names);
  }

  const document& in_;
  rails_config& config_;
  std::map<std::string, mark> seen_;
};

} // namespace

rails_config read_config(const node& root, const document& in) {
  rails_config config;
  if (root.kind == shape::nothing)
    return config;
  const place whole{in, root, {}};
  if (root.kind != shape::map)
    whole.fail_type("a map with the keys llm and guardrails");
  walk reader{in, config};
  reader.read_members(root, {});
  reader.finish();
  refuse_unknown_entities(root, in, config.guardrails.pii);
  return config;
}

} // namespace guardrails::config
