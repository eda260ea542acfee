// Reads each option strictly; what an option means is told where it is used.
#include "apps/load/load_options.hpp"

#include "apps/cluster_files.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"

#include <utility>

namespace guardrails::load {
namespace {

using std::chrono::milliseconds;

constexpr double fastest = 200'000;
constexpr milliseconds longest = std::chrono::hours{1};

/// How an option is spoken of.
struct wording {
  std::string help;
  std::string type;
  std::string expected; ///< for the usage error
};

/// An option whose texts are each handed to `take`, which says whether that is what was expected.
template <class Take>
CLI::Option* add_read(CLI::App& command, const std::string& name, const wording& words, Take take) {
  return command
    .add_option_function<std::vector<std::string>>(
      name,
      [take, name, expected = words.expected](const std::vector<std::string>& texts) {
        for (const auto& text : texts)
          if (!take(text))
            throw CLI::ValidationError{name, "'" + text + "' is not " + expected};
      },
      words.help)
    ->type_name(words.type);
}

void add_time(CLI::App& command, const std::string& name, milliseconds& time, const std::string& help) {
  add_read(command, name, {help, "TIME", "a time such as 10s, from 1ms to 60m"},
           [&time](const std::string& text) {
             const auto found = mock_llm::parse_duration(text);
             time = found.value_or(milliseconds{0});
             return time >= milliseconds{1} && time <= longest;
           })
    ->expected(1);
}

void add_pace(CLI::App& command, load_options& how) {
  add_read(command, "--rate",
           {"Requests a second, up to 200,000; several are run in turn", "RATE[,RATE]",
            "a rate from 0.01 to 200000"},
           [&how](const std::string& text) {
             const auto rate = mock_llm::parse_rate(text);
             how.rates.push_back(rate.value_or(0));
             return how.rates.back() >= 0.01 && how.rates.back() <= fastest;
           })
    ->delimiter(',');
  add_read(command, "--schedule",
           {"Rates over time: RATE@TIME, RATE..RATE@TIME (a ramp), RATE..RATE/STEPS@TIME, with commas",
            "PHASES", "a schedule such as 100@10s,100..500@20s,2000@1s of at most an hour"},
           [&how](const std::string& text) {
             auto found = parse_schedule(text);
             how.schedule = text;
             how.phases = std::move(found).value_or(std::vector<phase>{});
             return !how.phases.empty();
           })
    ->expected(1);
  command.add_option("--closed", how.closed, "A closed loop: so many ask, each again once it is answered")
    ->check(CLI::Range(std::size_t{1}, std::size_t{60'000}));
  command.add_flag("--poisson", how.by_chance, "Requests come by chance at that rate, not evenly");
  add_time(command, "--duration", how.duration, "How long (each rate) (default 10s)");
  command.get_option("--schedule")->excludes(command.get_option("--duration"));
  add_time(command, "--warm-up", how.warm_up, "Before it, at the first rate; counts apart");
  add_time(command, "--timeout", how.timeout, "Time for an answer, from the intended start (default 10s)");
  command
    .add_option("--connections", how.lines,
                "Connections at most, or requests under way in the library; as many as needed are made")
    ->capture_default_str()
    ->check(CLI::Range(std::size_t{1}, std::size_t{60'000}));
  command.add_option("--threads", how.threads, "Threads that send")
    ->capture_default_str()
    ->check(CLI::Range(std::size_t{1}, std::size_t{64}));
}

void add_rules(CLI::App& command, load_options& how) {
  add_read(
    command, "--stop-errors",
    {"End the run when a greater share of an interval's requests goes wrong", "SHARE", "a share such as 5%"},
    [&how](const std::string& text) {
      const auto share = mock_llm::parse_share(text);
      how.stop.bad_share = share.value_or(1);
      return share.has_value();
    })
    ->expected(1);
  add_read(command, "--stop-p99",
           {"End the run when an interval's p99 is longer", "TIME", "a time such as 500ms, from 1ms to 60m"},
           [&how](const std::string& text) {
             const auto found = mock_llm::parse_duration(text);
             how.stop.p99 = found.value_or(milliseconds{0});
             return found && *found >= milliseconds{1} && *found <= longest;
           })
    ->expected(1);
}

void add_results(CLI::App& command, load_options& how) {
  command.add_flag("--json", how.json, "Print the report as JSON");
  command.add_option("--csv", how.csv_file, "Write the course of the run to this file, a line an interval");
  command.add_option("--html", how.html_file, "Write the report to this file as a page with plots");
  command
    .add_option_function<pid_t>(
      "--watch-pid", [&how](pid_t id) { how.watched = id; },
      "A process of this machine: its processors and memory are in the course")
    ->check(CLI::PositiveNumber);
}

void add_target(CLI::App& command, load_options& how) {
  add_read(command, "TARGET",
           {"http://HOST[:PORT][/PATH] (without a path /v1/chat/completions); embedded: the library in this "
            "process; node://HOST:PORT[,HOST:PORT...]: the library with these nodes",
            "", "a target such as http://127.0.0.1:8089 (no https), embedded or node://127.0.0.1:4711"},
           [&how](const std::string& text) {
             auto found = parse_destination(text);
             if (found)
               how.where = std::move(*found);
             return found.has_value();
           })
    ->expected(1)
    ->required();
  command.add_option("--config,-c", how.config, "Configuration file of the library");
  apps::add_cluster_files(command, how.files);
}

void add_http(CLI::App& command, load_options& how) {
  command.add_option("--model", how.model, "The model the chat request asks for")->capture_default_str();
  command.add_option("--method", how.method, "GET, HEAD and DELETE send no body unless they are given one")
    ->capture_default_str()
    ->check([](const std::string& text) { return is_method(text) ? "" : "not a method"; });
  add_read(command, "--header",
           {"A further header; may be repeated", "'NAME: VALUE'",
            "a header that may be given, such as 'Name: value'"},
           [&how](const std::string& text) {
             auto found = parse_header(text);
             if (found)
               how.headers.push_back(std::move(*found));
             return found.has_value();
           })
    ->allow_extra_args(false);
}

void add_prompts(CLI::App& command, load_options& how) {
  auto* body = command.add_option(
    "--body", how.body_file, "Send this file instead of a chat request; a stream it must ask for itself");
  body->check(CLI::ExistingFile);
  auto* message = command.add_option_function<std::string>(
    "--message",
    [&how](const std::string& text) {
      how.message = text;
      how.message_given = true;
    },
    "What the chat request says");
  message->excludes(body);
  command
    .add_option(
      "--prompts", how.prompts_file,
      "What chat requests say, by weight: lines of {\"text\" or \"messages\", \"weight\", \"kind\"}")
    ->check(CLI::ExistingFile)
    ->excludes(body)
    ->excludes(message);
  command.add_flag("--stream", how.stream, "Ask for streams; over HTTP one without [DONE] is an error");
}

} // namespace

void add_options(CLI::App& command, load_options& how) {
  add_target(command, how);
  add_pace(command, how);
  add_prompts(command, how);
  add_http(command, how);
  command.add_flag("--allow-remote", how.allow_remote, "Send load to other machines than this one");
  add_rules(command, how);
  add_results(command, how);
}

std::optional<std::string> contradiction(const load_options& how) {
  if (!how.rates.empty() + !how.phases.empty() + (how.closed > 0) != 1)
    return "one of --rate, --schedule and --closed says how requests come";
  if (how.by_chance && how.closed > 0)
    return "a closed loop leaves nothing to chance: no --poisson";
  const bool http = std::holds_alternative<http_url>(how.where);
  if (http && !how.config.empty())
    return "--config is for the library: a server has its own";
  if (!http && how.config.empty())
    return "the library needs --config FILE";
  if (!http && (!how.body_file.empty() || !how.headers.empty() || how.method != "POST"))
    return "--body, --header and --method are for HTTP";
  return std::nullopt;
}

} // namespace guardrails::load
