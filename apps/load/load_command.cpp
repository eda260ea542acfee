// Finds the target, does the runs that are asked for, and prints them.
#include "apps/load/load_command.hpp"

#include "apps/cluster_files.hpp"
#include "apps/descriptor_limit.hpp"
#include "apps/load/generator.hpp"
#include "apps/load/html_report.hpp"
#include "apps/load/http_target.hpp"
#include "apps/load/load_options.hpp"
#include "apps/load/progress_line.hpp"
#include "apps/load/rails_target.hpp"
#include "apps/load/report.hpp"
#include "apps/read_file.hpp"
#include "apps/write_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace guardrails {
namespace {

using load::http_url;
using load::load_options;
using load::plan;
using load::prompt;
using load::report;
using load::target;
using tcp = boost::asio::ip::tcp;

constexpr int stopped = 1;
constexpr int usage_error = 2;
constexpr int runtime_failure = 3;
constexpr std::size_t spare_descriptors = 32; // standard streams, timers, signals

constexpr auto* about_counting =
  R"(Requests start at fixed times, whatever the target does; latency counts from there, also when a request had
to wait for a connection. Loopback addresses only, unless --allow-remote.
Exit codes: 0 ok, 1 a stop rule ended it, 2 usage error, 3 nothing could be reached.)";

/// What the command line asks for cannot be done; exit code 2.
struct wrong_usage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void refuse_remote(const load_options& how, bool local, const std::string& host) {
  if (!local && !how.allow_remote)
    throw wrong_usage{host + " is another machine; load goes there only with --allow-remote, with its "
                             "owner's leave"};
}

std::vector<prompt> prompts_of(const load_options& how) {
  if (how.prompts_file.empty())
    return {prompt{{{"user", how.message}}, 1, "default"}};
  auto read = load::read_prompts(apps::read_file(how.prompts_file));
  if (const auto* wrong = std::get_if<std::string>(&read))
    throw wrong_usage{how.prompts_file + ": " + *wrong};
  return std::get<std::vector<prompt>>(std::move(read));
}

bool has_chat_body(const load_options& how) {
  return how.message_given || !how.prompts_file.empty() ||
         (how.method != "GET" && how.method != "HEAD" && how.method != "DELETE");
}

std::optional<std::string> body_of(const load_options& how, const prompt& says) {
  if (!how.body_file.empty())
    return apps::read_file(how.body_file);
  if (!has_chat_body(how))
    return std::nullopt;
  return load::chat_body(how.model, says.messages, how.stream);
}

std::vector<tcp::endpoint> resolve(const http_url& where) {
  boost::asio::io_context context;
  tcp::resolver resolver{context};
  boost::system::error_code problem;
  const auto found = resolver.resolve(where.host, std::to_string(where.port), problem);
  if (problem)
    throw std::runtime_error{"load: cannot find " + where.host + ": " + problem.message()};
  return {found.begin(), found.end()};
}

std::size_t lines_of(const load_options& how) {
  return how.closed > 0 ? how.closed : how.lines;
}

/// A target for each alternative of a destination.
struct opening {
  const load_options& how;
  const std::vector<prompt>& prompts;

  std::unique_ptr<target> operator()(const http_url& where) const {
    load::http_requests what{resolve(where), {}, how.stream, how.method == "HEAD"};
    refuse_remote(
      how, std::ranges::all_of(what.endpoints, [](const auto& each) { return each.address().is_loopback(); }),
      where.host);
    need_descriptors();
    for (const auto& each : prompts)
      what.requests.push_back(load::request_text(where, how.method, how.headers, body_of(how, each)));
    return std::make_unique<load::http_target>(where.shown(), std::move(what));
  }

  std::unique_ptr<target> operator()(const load::embedded&) const {
    auto config = rails_config::from_file(how.config);
    apps::put_cluster_files(how.files, config.cluster);
    return std::make_unique<load::rails_target>("embedded", config, prompts, how.stream);
  }

  std::unique_ptr<target> operator()(const load::node_list& where) const {
    auto config = rails_config::from_file(how.config);
    apps::put_cluster_files(how.files, config.cluster);
    config.cluster.local = false;
    config.cluster.nodes.clear();
    std::string shown;
    for (const auto& node : where.nodes) {
      refuse_remote(how, node.is_loopback(), node.host);
      config.cluster.nodes.push_back(node.text());
      shown.append(shown.empty() ? "node://" : ",").append(node.text());
    }
    return std::make_unique<load::rails_target>(std::move(shown), config, prompts, how.stream);
  }

private:
  void need_descriptors() const {
    const auto there = apps::raise_descriptor_limit();
    const auto wanted = lines_of(how) + spare_descriptors;
    if (there < wanted)
      throw wrong_usage{std::to_string(lines_of(how)) + " connections need " + std::to_string(wanted) +
                        " file descriptors, and the limit is " + std::to_string(there) + " (ulimit -n)"};
  }
};

/// How requests come in one run, as phases and in words.
struct offering {
  std::vector<load::phase> phases;
  std::string words;
};

std::vector<offering> offerings_of(const load_options& how) {
  if (how.closed > 0)
    return {{{{0, 0, how.duration}}, "closed loop of " + std::to_string(how.closed)}};
  if (!how.phases.empty())
    return {{how.phases, how.schedule}};
  std::vector<offering> all;
  for (const auto rate : how.rates)
    all.push_back({{{rate, rate, how.duration}}, {}});
  return all;
}

plan plan_of(const load_options& how, const load::mix& prompts, std::vector<load::phase> phases) {
  const auto first = phases.front().from > 0 ? phases.front().from : phases.front().to;
  if (how.warm_up.count() > 0)
    phases.insert(phases.begin(), {first, first, how.warm_up});
  plan what{prompts, load::profile{std::move(phases)}};
  what.by_chance = how.by_chance;
  what.closed = how.closed > 0;
  what.warm_up = how.warm_up;
  what.timeout = how.timeout;
  what.lines = lines_of(how);
  what.threads = std::min(how.threads, what.lines);
  what.stop = how.stop;
  what.watched = how.watched;
  return what;
}

double mean_rate(const std::vector<load::phase>& phases) {
  const load::profile whole{phases};
  return whole.requests() / std::chrono::duration<double>{whole.duration()}.count();
}

std::vector<report> run_all(const load_options& how, target& aim, const load::mix& prompts) {
  std::vector<report> runs;
  for (const auto& [phases, words] : offerings_of(how)) {
    const auto what = plan_of(how, prompts, phases);
    auto result = load::run(what, aim, load::show_progress);
    load::clear_progress();
    runs.push_back({aim.shown(), mean_rate(phases), what.lines, what.threads, how.stream, std::move(result),
                    prompts.kinds(), words, how.by_chance});
    if (runs.back().result.interrupted)
      break;
  }
  return runs;
}

void write_csv(const std::string& path, const std::vector<report>& runs) {
  std::ostringstream text;
  load::print_csv_head(text);
  for (std::size_t i = 0; i < runs.size(); ++i)
    load::print_csv(text, i + 1, runs[i].result.course);
  apps::write_file(path, text.str());
}

void print_runs(const std::vector<report>& runs, bool as_json) {
  const bool one = runs.size() == 1;
  if (!as_json && one) {
    load::print(std::cout, runs.front());
  } else if (!as_json) {
    load::print_table(std::cout, runs);
  } else if (one) {
    std::cout << boost::json::serialize(to_json(runs.front())) << '\n';
  } else {
    boost::json::array all;
    for (const auto& each : runs)
      all.push_back(to_json(each));
    std::cout << boost::json::serialize(boost::json::object{{"runs", std::move(all)}}) << '\n';
  }
}

int run_load(const load_options& how) {
  if (const auto wrong = contradiction(how))
    throw wrong_usage{*wrong};
  if (how.watched && !load::watched_process{*how.watched}.look())
    throw wrong_usage{"there is no process " + std::to_string(*how.watched)};
  const auto prompts = prompts_of(how);
  const auto aim = std::visit(opening{how, prompts}, how.where);
  std::vector<report> runs;
  if (aim->is_ready(how.timeout)) {
    runs = run_all(how, *aim, load::mix{prompts});
    print_runs(runs, how.json);
    if (!how.csv_file.empty())
      write_csv(how.csv_file, runs);
    if (!how.html_file.empty())
      apps::write_file(how.html_file, load::to_html(runs));
  }
  if (!runs.empty() && !runs.back().result.stopped_by.empty())
    return stopped;
  if (!std::all_of(runs.begin(), runs.end(), [](const report& each) { return each.reached_nothing(); }))
    return 0;
  std::cerr << "load: nothing could be reached at " << aim->shown() << '\n';
  return runtime_failure;
}

int exit_code_of(const load_options& how) {
  try {
    return run_load(how);
  } catch (const wrong_usage& problem) {
    std::cerr << "load: " << problem.what() << '\n';
  } catch (const config_error& problem) {
    std::cerr << problem.what() << '\n';
  }
  return usage_error;
}

} // namespace

void add_load_command(CLI::App& app, int& exit_code) {
  auto& command = *app.add_subcommand("load", "Sends requests at given times and measures the answers");
  auto how = std::make_shared<load_options>();
  command.footer(about_counting);
  load::add_options(command, *how);
  command.callback([how, &exit_code] { exit_code = exit_code_of(*how); });
}

} // namespace guardrails
