// Nodes that know one another by certificates, and whom they do not let in.
#define CAF_SUITE node_tls
#include "tests/caf_test.hpp"
#include "tests/certificate.hpp"
#include "tests/child_process.hpp"
#include "tests/node_support.hpp"
#include "tests/scratch_folder.hpp"

#include <guardrails/guardrails.hpp>

#include <optional>
#include <string>

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;

namespace {

/// Files of somebody whose certificate is his own authority.
std::string tls_of(const certificate_file& own, const certificate_file& authority) {
  return "tls: {certificate: '" + own.path() + "', key: '" + own.key_path() + "', ca_file: '" +
         authority.path() + "'}";
}

rails_config config_of(const std::string& cluster, const std::string& llm = "engine: echo") {
  return rails_config::from_content("llm: {" + llm +
                                    "}\nguardrails: {check_toxicity: false, check_semantic: false}\n"
                                    "cluster: {heartbeat: 300ms, " +
                                    cluster + "}\n");
}

/// `guardrails node` with a certificate and a token.
struct guarded_node {
  guarded_node()
    : child{GUARDRAILS_BINARY_DIR "/apps/guardrails",
            {"node", "--listen", "127.0.0.1:0", "--threads", "1", "--tls-cert", known.path(), "--tls-key",
             known.key_path(), "--tls-ca", known.path(), "--token-file", token}}
    , port{child.wait_for_line("node listening on 127\\.0\\.0\\.1:(\\d+) \\(TLS\\)")[1]} {}

  std::string nodes() const { return "nodes: ['127.0.0.1:" + port + "'], "; }

  /// Whether a generation that can only run there does.
  bool serves(const std::string& with) {
    llm_rails rails{config_of("local: false, " + nodes() + with), small_runtime()};
    return rails.generate({{{"user", "hello"}}, {}, 10s}).final_response == "hello";
  }

  scratch_folder folder;
  certificate_file known{identity{"IP:127.0.0.1"}};
  std::string token = folder.file("token", "sesame-open-sesame-open\n");
  child_process child;
  std::string port;
};

} // namespace

TEST("mutual TLS lets in whom the authority signed, and nobody else, and the node lives on") {
  guarded_node node;
  const auto with_token = ", token_file: '" + node.token + "'";
  CHECK(node.serves(tls_of(node.known, node.known) + with_token));
  const certificate_file stranger{identity{"IP:127.0.0.1"}};
  const certificate_file expired{identity{"IP:127.0.0.1", -60}};
  const auto wrong_token = ", token_file: '" + node.folder.file("wrong", "sesame-shut-sesame-shut\n") + "'";
  for (const auto& [with, problem] : {std::pair{tls_of(stranger, node.known) + with_token, "certificate"},
                                      std::pair{tls_of(node.known, stranger) + with_token, "certificate"},
                                      std::pair{tls_of(expired, node.known) + with_token, "certificate"},
                                      std::pair{"token_file: '" + node.token + "'", "certificate"},
                                      std::pair{tls_of(node.known, node.known) + wrong_token, "token"}}) {
    llm_rails rails{config_of(node.nodes() + with), small_runtime()};
    CHECK(in_time([&] {
      const auto nodes = rails.nodes();
      return nodes.size() == 1 && nodes[0].problem.find(problem) != std::string::npos;
    }));
    CHECK(!has_nodes(rails, node_state::open, 1));
    CHECK_EQ(rails.generate({{"user", "hello"}}), "hello");
  }
  CHECK(node.serves(tls_of(node.known, node.known) + with_token));
}

TEST("a secret that stands in a configuration travels over TLS") {
  guarded_node node;
  llm_rails rails{
    config_of("local: false, " + node.nodes() + tls_of(node.known, node.known) + ", token_file: '" +
                node.token + "'",
              "engine: openai_compatible, model: m, base_url: 'http://127.0.0.1:1/v1', retries: "
              "{max: 0}, api_key: sesame"),
    small_runtime()};
  const auto result = rails.generate({{{"user", "hello"}}, {}, 10s});
  CHECK_EQ(result.error.value().kind, "connect_failed"); // it got as far as the model
}
