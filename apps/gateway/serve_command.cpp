// Options of the gateway, and the checks that it can start.
#include "apps/gateway/serve_command.hpp"

#include "apps/gateway/server.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"
#include "apps/node_option.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>

namespace guardrails::apps {
namespace {

struct choices {
  gateway::listen_options listen;
  gateway::tls_files tls;
  gateway::service_options answers;
  std::string config;
  bool log_json = false;
};

/// Where OpenTelemetry's own variable says spans go; empty: it is not set. It names the collector, whose page
/// for traces is fixed.
std::string collector_of_environment() {
  const char* base = std::getenv("OTEL_EXPORTER_OTLP_ENDPOINT");
  if (!base || !*base)
    return {};
  std::string endpoint{base};
  while (endpoint.ends_with('/'))
    endpoint.pop_back();
  return endpoint.append("/v1/traces");
}

using mock_llm::parse_duration;

void add_duration(CLI::App& command, const std::string& name, std::chrono::milliseconds& target,
                  const std::string& help) {
  command
    .add_option_function<std::string>(
      name,
      [name, &target](const std::string& text) {
        const auto value = parse_duration(text);
        if (!value || value->count() < 1)
          throw CLI::ValidationError{name, "'" + text + "' is not a duration such as 10s"};
        target = *value;
      },
      help + " (default " + std::to_string(target.count()) + "ms)")
    ->type_name("TIME");
}

void add_address(CLI::App& command, const std::string& name, const std::string& help,
                 std::function<void(gateway::listen_address)> take) {
  command
    .add_option_function<std::string>(
      name,
      [name, take = std::move(take)](const std::string& text) {
        auto where = mock_llm::parse_endpoint(text);
        if (!where)
          throw CLI::ValidationError{name, "'" + text + "' is not HOST:PORT"};
        take({where->host, where->port});
      },
      help)
    ->type_name("HOST:PORT");
}

void add_listen(CLI::App& command, gateway::listen_options& listen) {
  add_address(command, "--listen", "Where to listen; port 0 picks a free one (default 127.0.0.1:8080)",
              [&listen](gateway::listen_address where) {
                listen.host = std::move(where.host);
                listen.port = where.port;
              });
  add_address(command, "--admin-listen",
              "Where /admin/config is, with metrics and health; it is nowhere else then, and needs no key "
              "unless there are --keys",
              [&listen](gateway::listen_address where) { listen.admin = std::move(where); });
  command.add_option("--threads", listen.threads, "Threads that serve connections (default: one per core)")
    ->check(CLI::Range(1, 256));
  command.add_option("--max-connections", listen.max_connections, "Open connections; more are answered 503")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  command
    .add_option("--max-header-bytes", listen.limits.header_bytes, "Longest header; more is answered 431")
    ->capture_default_str()
    ->check(CLI::Range(512, 60'000));
  command.add_option("--max-body-bytes", listen.limits.body_bytes, "Longest body; more is answered 413")
    ->capture_default_str()
    ->check(CLI::Range(1u, 64u << 20));
  command
    .add_option("--max-bodies-bytes", listen.limits.all_body_bytes,
                "Bodies under way together, but the first 16 KiB of each; more are answered 503")
    ->capture_default_str()
    ->check(CLI::Range(std::int64_t{1} << 20, std::int64_t{1} << 40));
  add_duration(command, "--header-timeout", listen.limits.header_time, "For a request's header, else 408");
  add_duration(command, "--body-timeout", listen.limits.body_time, "For a request's body, else 408");
  add_duration(command, "--idle-timeout", listen.limits.idle_time,
               "Between requests, then the connection ends");
  add_duration(command, "--write-timeout", listen.limits.write_time, "For a client to take an answer");
  add_duration(command, "--drain-timeout", listen.drain_time, "After SIGTERM, for what is under way");
}

void add_tls(CLI::App& command, gateway::tls_files& files) {
  auto* certificate =
    command.add_option("--tls-cert", files.certificate,
                       "Certificate and its chain (PEM): https instead of http; SIGHUP reads "
                       "it again");
  auto* key = command.add_option("--tls-key", files.key, "Private key of the certificate (PEM)");
  certificate->needs(key);
  key->needs(certificate);
}

/// Connections need descriptors: our own and those to the model. Empty: there are enough.
std::string raise_descriptor_limit(const choices& chosen, const rails_config& config) {
  constexpr std::uint64_t others = 64; // files, wake-ups, standard streams
  const std::uint64_t lanes = 2 * std::max(std::thread::hardware_concurrency(), 1u);
  const std::uint64_t upstream = config.llm ? lanes * config.llm->pool.max_connections : 0;
  const auto needed = chosen.listen.max_connections + upstream + others;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return {};
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, needed));
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed)
    return {};
  return "--max-connections " + std::to_string(chosen.listen.max_connections) + " and " +
         std::to_string(upstream) + " connections to the model need " + std::to_string(needed) +
         " file descriptors, and the system allows " + std::to_string(limit.rlim_cur) +
         ": raise `ulimit -n`, or lower --max-connections or llm.pool.max_connections";
}

std::string address_of(const gateway::listen_options& listen, const std::string& host, std::uint16_t port) {
  return std::string{listen.tls ? "https://" : "http://"}
    .append(host.find(':') == std::string::npos ? host : "[" + host + "]")
    .append(":" + std::to_string(port));
}

int serve(choices chosen) {
  std::signal(SIGHUP, SIG_IGN); // until the server listens for it: what it asks for is being read
  try {
    chosen.answers.config = chosen.config;
    if (chosen.answers.otlp_endpoint.empty())
      chosen.answers.otlp_endpoint = collector_of_environment();
    const auto config = rails_config::from_file(chosen.config);
    if (const auto problem = raise_descriptor_limit(chosen, config); !problem.empty()) {
      std::cerr << "guardrails serve: " << problem << "\n";
      return 2;
    }
    gateway::service answers{chosen.answers, config};
    std::optional<gateway::access_log> log;
    if (chosen.log_json)
      log.emplace(std::cout, answers.counts());
    if (!chosen.tls.certificate.empty())
      chosen.listen.tls = chosen.tls;
    gateway::server server{chosen.listen, answers, log ? &*log : nullptr};
    if (chosen.listen.admin)
      std::cout << "guardrails administration on "
                << address_of(chosen.listen, chosen.listen.admin->host, server.admin_port()) << "\n";
    std::cout << "guardrails listening on " << address_of(chosen.listen, chosen.listen.host, server.port())
              << std::endl;
    server.run();
    return 0;
  } catch (const config_error& problem) {
    std::cerr << problem.what() << "\n";
    return 2;
  }
}

} // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto& command = *app.add_subcommand("serve", "An OpenAI-compatible gateway with the rails in it");
  auto chosen = std::make_shared<choices>();
  chosen->listen.threads = std::max(std::thread::hardware_concurrency(), 1u);
  add_listen(command, chosen->listen);
  add_tls(command, chosen->tls);
  command.add_option("--config,-c", chosen->config, "Configuration file; SIGHUP reads it again")->required();
  apps::add_node_option(command, chosen->answers.nodes);
  command.add_option("--keys", chosen->answers.keys,
                     "File of client keys (YAML); without it anybody may ask. SIGHUP reads it again");
  command
    .add_option("--cors-origin", chosen->answers.cors_origins,
                "Origin whose pages may ask, as https://app.example.com, or * for all; may be repeated")
    ->type_name("ORIGIN")
    ->expected(1)
    ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
    .add_option("--max-in-flight", chosen->answers.max_in_flight, "Requests under way; more are answered 503")
    ->capture_default_str()
    ->check(CLI::Range(1, 1'000'000));
  command
    .add_option_function<std::string>(
      "--blocked-as",
      [chosen](const std::string& form) { chosen->answers.blocked_as_error = form == "error"; },
      "How a blocked chat is answered: a refusal in the model's place (default), or an error with status 400")
    ->check(CLI::IsMember({"refusal", "error"}));
  command.add_flag("!--no-page", chosen->answers.has_page, "Serves no page at /");
  command
    .add_option("--otlp-endpoint", chosen->answers.otlp_endpoint,
                "Where spans are sent (OTLP/HTTP, JSON), as http://127.0.0.1:4318/v1/traces; default: "
                "/v1/traces of OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere")
    ->check([](const std::string& url) {
      const bool fits = url.starts_with("http://") || url.starts_with("https://");
      return fits ? std::string{} : "'" + url + "' is no http:// or https:// address";
    })
    ->type_name("URL");
  command.add_flag("--log-json", chosen->log_json, "One line of JSON for each answer, on standard output");
  command.callback([chosen, &exit_code] {
    chosen->answers.threads = chosen->listen.threads;
    exit_code = serve(*chosen);
  });
}

} // namespace guardrails::apps
