// Nodes in a configuration: their addresses, and the text that is sent to them.
#define CAF_SUITE config.cluster
#include "config/node_address.hpp"
#include "config/portable_text.hpp"
#include "tests/caf_test.hpp"

#include <guardrails/rails_config.hpp>

#include <cstdlib>
#include <string>

using namespace guardrails;
using namespace guardrails::config;

namespace {

std::string problem_of(const std::string& yaml) {
  try {
    rails_config::from_content(yaml);
    return {};
  } catch (const config_error& problem) {
    return problem.what();
  }
}

struct environment_variable {
  explicit environment_variable(const char* value) { setenv("GUARDRAILS_TEST_KEY", value, 1); }
  ~environment_variable() { unsetenv("GUARDRAILS_TEST_KEY"); }
};

const std::string remote =
  "llm: {engine: openai_compatible, model: m, base_url: 'http://127.0.0.1:1/v1', api_key: ";

} // namespace

TEST("addresses of nodes are HOST:PORT") {
  const auto address = parse_node_address("[::1]:4711");
  REQUIRE(address.has_value());
  CHECK_EQ(address->host, "::1");
  CHECK_EQ(address->text(), "[::1]:4711");
  CHECK(address->is_loopback());
  CHECK(parse_node_address("127.0.0.1:0")->is_loopback());
  CHECK(!parse_node_address("10.0.0.1:80")->is_loopback());
  for (const auto* text :
       {"", ":", "host", "host:", ":1", "host:65536", "host:-1", "::1:80", "a b:1", "h:1x"})
    CHECK(!parse_node_address(text));
}

TEST("the section cluster is read, checked, and no part of the version") {
  const auto config = rails_config::from_content(
    "cluster: {nodes: ['a.example:1', 'b.example:2'], local: false, repeat_started: true, heartbeat: 250ms, "
    "credit: 7, max_message_bytes: 2048, token_file: t, tls: {certificate: c, key: k, ca_file: a}}");
  const auto& cluster = config.cluster;
  CHECK_EQ(cluster.nodes.size(), 2u);
  CHECK(!cluster.local && cluster.repeat_started);
  CHECK(cluster.heartbeat == std::chrono::milliseconds{250});
  CHECK_EQ(cluster.credit, 7u);
  CHECK_EQ(cluster.max_message_bytes, 2048u);
  CHECK_EQ(cluster.token_file, "t");
  CHECK_EQ(cluster.tls.ca_file, "a");
  CHECK_EQ(config.version(), rails_config::from_content("{}").version());
  CHECK(problem_of("cluster: {nodes: [nowhere]}").find("cluster.nodes[0]") != std::string::npos);
  CHECK(problem_of("cluster: {tls: {certificate: c}}").find("cluster.tls") != std::string::npos);
}

TEST("a text is sent as it was written, and a secret in it only where it may be") {
  const environment_variable key{"sesame-open"};
  const auto named = rails_config::from_content(remote + "'${GUARDRAILS_TEST_KEY}'}");
  CHECK_EQ(make_portable(named, false).yaml, named.source);
  CHECK(named.source.find("${GUARDRAILS_TEST_KEY}") != std::string::npos);
  const auto quoted = rails_config::from_content(remote + "open-sesame}");
  const auto kept = make_portable(quoted, false);
  CHECK(kept.yaml.empty());
  CHECK(kept.problem.find("open-sesame") == std::string::npos);
  CHECK(!kept.problem.empty());
  CHECK_EQ(make_portable(quoted, true).yaml, quoted.source);
}

TEST("Amazon's keys are secrets like others") {
  const std::string yaml = "llm: {engine: bedrock, model_id: m, aws_region: r, aws_access_key: AKIDEXAMPLE, "
                           "aws_secret_key: '${GUARDRAILS_TEST_KEY}'}";
  const environment_variable named{"wJalr"};
  auto config = rails_config::from_content(yaml);
  CHECK(make_portable(config, false).yaml.empty()); // the access key stands there
  const auto sent = make_portable(config, true);
  CHECK_EQ(sent.yaml, yaml);
  config.guardrails.check_toxicity = false;
  CHECK(make_portable(config, true).yaml.empty());
}

TEST("what was changed in code is written anew, unless it has secrets") {
  auto changed = rails_config::from_content("llm: {engine: echo}");
  changed.guardrails.check_toxicity = false;
  const auto text = make_portable(changed, false);
  CHECK_EQ(text.problem, "");
  CHECK_EQ(rails_config::from_content(text.yaml).version(), changed.version());
  auto secretive = rails_config::from_content(remote + "open-sesame}");
  secretive.guardrails.check_toxicity = false;
  CHECK(make_portable(secretive, true).yaml.empty());
}
