// Prints configurations, their differences and what is wrong with them.
#include "apps/config_command.hpp"

#include "apps/policy_stats.hpp"
#include "checks/streaming/stream_policy.hpp"
#include "config/diff.hpp"
#include "config/documentation.hpp"
#include "config/environment.hpp"
#include "config/yaml_reader.hpp"

#include <guardrails/rails_config.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::apps {

namespace {

struct choices {
  std::vector<std::string> files;
  bool json = false;
  bool keys = false;
  bool stats = false;
};

std::optional<rails_config> load(const std::string& file) {
  try {
    return rails_config::from_file(file);
  } catch (const config_error& e) {
    std::cerr << e.what() << '\n';
    return std::nullopt;
  }
}

std::string checks_off(const rails_config& config) {
  std::string names;
  for (const auto& name : config.checks_off())
    names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "none" : names;
}

boost::json::value scalar_to_json(const config::node& scalar) {
  const auto& text = scalar.text;
  if (!scalar.quoted) {
    if (text == "true" || text == "false")
      return text == "true";
    const auto* end = text.data() + text.size();
    std::uint64_t integer = 0;
    if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
        error == std::errc{} && stop == end)
      return integer;
    double number = 0;
    if (const auto [stop, error] = std::from_chars(text.data(), end, number);
        error == std::errc{} && stop == end)
      return number;
  }
  const auto none = [](const std::string&) { return std::optional<std::string>{}; };
  return boost::json::string{config::expand(text, none).text};
}

/// A written configuration holds scalars, lists and maps and nothing else.
boost::json::value to_json(const config::node& value) {
  if (value.kind == config::shape::scalar)
    return scalar_to_json(value);
  if (value.kind == config::shape::list) {
    boost::json::array list;
    for (const auto& item : value.items)
      list.push_back(to_json(item));
    return list;
  }
  boost::json::object map;
  for (const auto& member : value.members)
    map[member.key] = to_json(member.value);
  return map;
}

void print_json(const rails_config& config) {
  boost::json::array off;
  for (const auto& name : config.checks_off())
    off.emplace_back(name);
  const boost::json::object all{{"version", config.version()},
                                {"checks_off", std::move(off)},
                                {"config", to_json(config::read_yaml(config.to_yaml(), "<written>"))}};
  std::cout << boost::json::serialize(all) << '\n';
}

/// Which checks keep an answer from being shown while it comes, or judge what was shown.
void print_waiting(const rails_config& config) {
  const auto waiting = checks::whole_answer_checks(config);
  const auto holds = [&](const checks::whole_answer_check& c) {
    return config.guardrails.streaming == stream_mode::buffer || !c.may_trail;
  };
  const bool held = std::ranges::any_of(waiting, holds);
  for (const auto& c : waiting)
    if (!held || holds(c))
      std::cout << "  streams: " << (held ? "held until the end by " : "judged when shown by ") << c.name
                << ", " << c.why << '\n';
}

int validate(const choices& chosen) {
  auto exit_code = 0;
  for (const auto& file : chosen.files) {
    if (const auto config = load(file)) {
      std::cout << file << ": ok (version " << config->version() << "; checks off: " << checks_off(*config)
                << ")\n";
      print_waiting(*config);
    } else
      exit_code = 2;
  }
  return exit_code;
}

int print_stats(const rails_config& config, bool as_json) {
  try {
    const auto stats = measure_policy(config);
    std::cout << (as_json ? boost::json::serialize(to_json(stats)) + '\n' : to_text(stats));
    return 0;
  } catch (const config_error& e) {
    std::cerr << e.what() << '\n';
    return 2;
  }
}

int show(const choices& chosen) {
  if (chosen.keys)
    std::cout << config::keys_as_text();
  if (chosen.files.empty()) {
    if (!chosen.keys)
      std::cerr << "config show: expected a FILE, or --keys\n";
    return chosen.keys ? 0 : 2;
  }
  const auto config = load(chosen.files[0]);
  if (!config)
    return 2;
  if (chosen.stats)
    return print_stats(*config, chosen.json);
  if (chosen.json)
    print_json(*config);
  else
    std::cout << "# version: " << config->version() << "\n# checks off: " << checks_off(*config) << '\n'
              << config->to_yaml();
  return 0;
}

int diff(const choices& chosen) {
  const auto before = load(chosen.files[0]);
  const auto after = load(chosen.files[1]);
  if (!before || !after)
    return 2;
  const auto changes = config::diff(*before, *after);
  for (const auto& change : changes)
    std::cout << change.key_path << ": " << change.before << " -> " << change.after << '\n';
  return changes.empty() ? 0 : 1;
}

} // namespace

void add_config_command(CLI::App& app, int& exit_code) {
  auto* config = app.add_subcommand("config", "Validate, show and compare configurations");
  config->require_subcommand(1);
  const auto chosen = std::make_shared<choices>();

  auto* validation =
    config->add_subcommand("validate", "Check configuration files; exit 2 if one cannot be used");
  validation->add_option("FILE", chosen->files, "Configuration files")->required();
  validation->callback([chosen, &exit_code] { exit_code = validate(*chosen); });

  auto* showing = config->add_subcommand("show", "Print a configuration with every key; secrets show as ***");
  showing->add_option("FILE", chosen->files, "The configuration file")->expected(1);
  showing->add_flag("--json", chosen->json, "Print JSON instead of YAML or lines");
  showing->add_flag("--keys", chosen->keys, "Print what each key means, its type, range and default");
  showing->add_flag("--stats", chosen->stats,
                    "Print how large the compiled policy is and how long compiling took");
  showing->callback([chosen, &exit_code] { exit_code = show(*chosen); });

  auto* comparison = config->add_subcommand("diff", "Print what differs; exit 1 if anything does");
  comparison->add_option("FILES", chosen->files, "The two configuration files")->required()->expected(2);
  comparison->callback([chosen, &exit_code] { exit_code = diff(*chosen); });
}

} // namespace guardrails::apps
