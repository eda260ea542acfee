// The options of `load`, their limits, and the runs they ask for.
#include "apps/load/load_command.hpp"

#include "apps/descriptor_limit.hpp"
#include "apps/load/generator.hpp"
#include "apps/load/report.hpp"
#include "apps/load/request_text.hpp"
#include "apps/load/target.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"
#include "apps/read_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <utility>

namespace guardrails {
namespace {

using load::header;
using load::plan;
using load::report;
using load::target;
using std::chrono::milliseconds;
using tcp = boost::asio::ip::tcp;

constexpr double fastest = 200'000;
constexpr milliseconds longest = std::chrono::hours{1};
constexpr int usage_error = 2;
constexpr int runtime_failure = 3;
constexpr std::size_t spare_descriptors = 32; // standard streams, timers, signals

constexpr auto* about_counting =
  R"(Requests start at fixed times, whatever the target does; latency counts from there, also when a request had
to wait for a connection. Loopback addresses only, unless --allow-remote.
Exit codes: 0 ok, 2 usage error, 3 nothing could be reached.)";

struct load_options {
  target where;
  std::vector<double> rates;
  milliseconds duration{10'000};
  milliseconds timeout{10'000};
  std::size_t connections = 256;
  std::size_t threads = 1;
  std::string method = "POST";
  std::vector<header> headers;
  std::string message = "What is machine learning?";
  std::string model = "mock";
  std::string body_file;
  bool message_given = false;
  bool stream = false;
  bool allow_remote = false;
  bool json = false;
};

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
    ->delimiter(',')
    ->required();
  add_time(command, "--duration", how.duration, "How long (each rate) (default 10s)");
  add_time(command, "--timeout", how.timeout, "Time for an answer, from the intended start (default 10s)");
  command.add_option("--connections", how.connections, "Connections at most; as many as needed are made")
    ->capture_default_str()
    ->check(CLI::Range(std::size_t{1}, std::size_t{60'000}));
  command.add_option("--threads", how.threads, "Threads that send")
    ->capture_default_str()
    ->check(CLI::Range(std::size_t{1}, std::size_t{64}));
}

void add_request(CLI::App& command, load_options& how) {
  add_read(command, "URL",
           {"Where to; without a path /v1/chat/completions", "",
            "an address such as http://127.0.0.1:8089 (no https)"},
           [&how](const std::string& text) {
             const auto found = load::parse_target(text);
             how.where = found.value_or(target{});
             return found.has_value();
           })
    ->expected(1)
    ->required();
  auto* body = command.add_option(
    "--body", how.body_file, "Send this file instead of a chat request; a stream it must ask for itself");
  body->check(CLI::ExistingFile);
  command
    .add_option_function<std::string>(
      "--message",
      [&how](const std::string& text) {
        how.message = text;
        how.message_given = true;
      },
      "What the chat request says")
    ->excludes(body);
  command.add_option("--model", how.model, "The model the chat request asks for")->capture_default_str();
  command.add_option("--method", how.method, "GET, HEAD and DELETE send no body unless they are given one")
    ->capture_default_str()
    ->check([](const std::string& text) { return load::is_method(text) ? "" : "not a method"; });
  add_read(command, "--header",
           {"A further header; may be repeated", "'NAME: VALUE'",
            "a header that may be given, such as 'Name: value'"},
           [&how](const std::string& text) {
             auto found = load::parse_header(text);
             if (found)
               how.headers.push_back(std::move(*found));
             return found.has_value();
           })
    ->allow_extra_args(false);
  command.add_flag("--stream", how.stream, "Ask for streams; one that ends without [DONE] is an error");
}

std::optional<std::string> body_of(const load_options& how) {
  if (!how.body_file.empty())
    return apps::read_file(how.body_file);
  if (!how.message_given && (how.method == "GET" || how.method == "HEAD" || how.method == "DELETE"))
    return std::nullopt;
  return load::chat_body(how.model, how.message, how.stream);
}

std::vector<tcp::endpoint> resolve(const target& where) {
  boost::asio::io_context context;
  tcp::resolver resolver{context};
  boost::system::error_code problem;
  const auto found = resolver.resolve(where.host, std::to_string(where.port), problem);
  if (problem)
    throw std::runtime_error{"load: cannot find " + where.host + ": " + problem.message()};
  return {found.begin(), found.end()};
}

bool is_local(const std::vector<tcp::endpoint>& endpoints) {
  return std::all_of(endpoints.begin(), endpoints.end(),
                     [](const tcp::endpoint& each) { return each.address().is_loopback(); });
}

plan plan_of(const load_options& how, std::vector<tcp::endpoint> endpoints) {
  plan what;
  what.endpoints = std::move(endpoints);
  what.request = load::request_text(how.where, how.method, how.headers, body_of(how));
  what.stream = how.stream;
  what.no_body = how.method == "HEAD";
  what.duration = how.duration;
  what.timeout = how.timeout;
  what.connections = how.connections;
  what.threads = std::min(how.threads, how.connections);
  return what;
}

std::vector<report> run_all(const load_options& how, plan what) {
  std::vector<report> runs;
  for (const auto rate : how.rates) {
    what.rate = rate;
    runs.push_back({how.where.shown(), rate, what.connections, what.threads, what.stream, load::run(what)});
    if (runs.back().result.interrupted)
      break;
  }
  return runs;
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
  auto endpoints = resolve(how.where);
  if (!how.allow_remote && !is_local(endpoints)) {
    std::cerr << "load: " << how.where.host
              << " is another machine; load goes there only with --allow-remote, with its owner's leave\n";
    return usage_error;
  }
  const auto descriptors = apps::raise_descriptor_limit();
  if (descriptors < how.connections + spare_descriptors) {
    std::cerr << "load: --connections " << how.connections << " needs " << how.connections + spare_descriptors
              << " file descriptors, and the limit is " << descriptors << " (ulimit -n)\n";
    return usage_error;
  }
  const auto runs = run_all(how, plan_of(how, std::move(endpoints)));
  print_runs(runs, how.json);
  if (!std::all_of(runs.begin(), runs.end(), [](const report& each) { return each.reached_nothing(); }))
    return 0;
  std::cerr << "load: nothing could be reached at " << how.where.shown() << '\n';
  return runtime_failure;
}

} // namespace

void add_load_command(CLI::App& app, int& exit_code) {
  auto& command = *app.add_subcommand("load", "Sends requests at a constant rate and measures the answers");
  auto how = std::make_shared<load_options>();
  command.footer(about_counting);
  add_request(command, *how);
  add_pace(command, *how);
  command.add_flag("--allow-remote", how->allow_remote, "Send load to other machines than this one");
  command.add_flag("--json", how->json, "Print the report as JSON");
  command.callback([how, &exit_code] { exit_code = run_load(*how); });
}

} // namespace guardrails
