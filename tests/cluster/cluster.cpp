// Starts the programs of a cluster with the command lines that an operator would write.
#include "tests/cluster/cluster.hpp"

#include <utility>

namespace guardrails::test {

namespace {

using namespace std::chrono_literals;

const std::string program = GUARDRAILS_BINARY_DIR "/apps/guardrails";
const std::string environment = "/usr/bin/env";
constexpr auto start_limit = 60s; // a loaded machine's, or a sanitizer's

std::uint16_t port_of(child_process& process) {
  const auto line = process.wait_for_line("listening on [^ ]*:(\\d+)", start_limit);
  return static_cast<std::uint16_t>(std::stoi(line[1]));
}

void run(std::vector<std::string> arguments) {
  child_process process{program, std::move(arguments)};
  if (process.wait(start_limit) != 0)
    throw std::runtime_error{"a command of the set-up failed: " + process.output()};
}

} // namespace

cluster::cluster(cluster_plan how, const machines& where)
  : how_{how}
  , where_{where}
  , node_ports_(static_cast<std::size_t>(how.nodes), 0)
  , nodes_(static_cast<std::size_t>(how.nodes)) {
  if (how_.tls)
    make_certificates();
  start_model();
  folder_.file("cluster.yml", config());
  for (int machine = 1; machine <= how_.nodes; ++machine)
    start_node(machine);
  start_gateway();
}

void cluster::make_certificates() {
  run({"cert", "init", folder_.path("pki")});
  run({"cert", "token", folder_.path("pki/token")});
  run({"cert", "node", folder_.path("pki"), "gateway"});
  for (int machine = 1; machine <= how_.nodes; ++machine)
    run({"cert", "node", folder_.path("pki"), "node" + std::to_string(machine), "--host",
         where_.address(machine)});
}

void cluster::start_model() {
  model_ = std::make_unique<child_process>(
    program, std::vector<std::string>{"mock-llm", "--listen", "0.0.0.0:0", "--record", "--latency",
                                      std::to_string(how_.latency.count()) + "ms"});
  model_port_ = port_of(*model_);
}

void cluster::start_node(int machine) {
  auto& port = node_ports_.at(static_cast<std::size_t>(machine - 1));
  std::vector<std::string> line{program,    "node",
                                "--config", folder_.path("cluster.yml"),
                                "--listen", where_.address(machine) + ':' + std::to_string(port)};
  const auto trusted = trust("node" + std::to_string(machine));
  line.insert(line.end(), trusted.begin(), trusted.end());
  auto& process = nodes_.at(static_cast<std::size_t>(machine - 1));
  process = std::make_unique<child_process>(environment, where_.command(machine, line));
  port = port_of(*process);
}

void cluster::start_gateway() {
  std::vector<std::string> line{"serve", "--listen", "127.0.0.1:0", "--config", folder_.path("cluster.yml")};
  for (int machine = 1; machine <= how_.nodes; ++machine)
    line.insert(line.end(), {"--node", endpoint(machine)});
  gateway_ = std::make_unique<child_process>(program, std::move(line));
  gateway_port_ = port_of(*gateway_);
}

std::string cluster::config() const {
  const auto pki = folder_.path("pki/");
  std::string text = "llm: {engine: openai_compatible, base_url: 'http://" + where_.middle() + ':' +
                     std::to_string(model_port_) + "/v1', model: mock, retries: {max: 0}, timeout: " +
                     std::to_string(how_.deadline.count()) + "ms}\n" +
                     "guardrails: {check_semantic: false, check_toxicity: false}\n";
  if (how_.nodes == 0)
    return text;
  text += std::string{"cluster: {local: false, repeat_started: "} + (how_.repeat_started ? "true" : "false");
  if (how_.tls)
    text += ", tls: {certificate: '" + pki + "gateway.pem', key: '" + pki + "gateway-key.pem', ca_file: '" +
            pki + "ca.pem'}, token_file: '" + pki + "token'";
  return text + "}\n";
}

std::vector<std::string> cluster::trust(const std::string& name) const {
  if (!how_.tls)
    return {"--insecure"};
  const auto pki = folder_.path("pki/");
  return {"--tls-cert", pki + name + ".pem", "--tls-key",    pki + name + "-key.pem",
          "--tls-ca",   pki + "ca.pem",      "--token-file", pki + "token"};
}

std::string cluster::endpoint(int machine) const {
  return where_.address(machine) + ':' +
         std::to_string(node_ports_.at(static_cast<std::size_t>(machine - 1)));
}

std::int64_t cluster::repeated_questions() const {
  const auto stats = boost::json::parse(ask_loopback(model_port_, "GET /stats"));
  return stats.at("repeated").to_number<std::int64_t>();
}

} // namespace guardrails::test
