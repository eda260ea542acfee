// Nodes that know one another by certificates, and whom they do not let in.
#define CAF_SUITE node_tls
#include "net/peer_connect.hpp"
#include "tests/caf_test.hpp"

#include "tests/certificate.hpp"
#include "tests/child_process.hpp"
#include "tests/http_socket.hpp"
#include "tests/node_support.hpp"
#include "tests/scratch_folder.hpp"

#include <guardrails/caf_network.hpp>
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
  const auto wrong_token = ", token_file: '" + node.folder.file("wrong", "sesame-shut-sesame-shut\n") + "'";
  for (const auto& [with, problem] : {std::pair{tls_of(stranger, stranger) + with_token, "certificate"},
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

TEST("a certificate or key that peers would refuse ends a program before it says that it listens") {
  const certificate_file known{identity{"IP:127.0.0.1"}};
  const certificate_file other{identity{"IP:127.0.0.1"}};
  const certificate_file expired{identity{"IP:127.0.0.1", -60}};
  const scratch_folder folder;
  const auto none = folder.path("none");
  const auto nonsense = folder.file("nonsense", "nonsense");
  using strings = std::vector<std::string>;
  for (const auto& [files, said] :
       {std::pair{strings{known.path(), other.key_path(), known.path()}, other.key_path()},
        std::pair{strings{none, known.key_path(), known.path()}, none},
        std::pair{strings{known.path(), known.key_path(), nonsense}, nonsense},
        std::pair{strings{expired.path(), expired.key_path(), expired.path()}, std::string{"has expired"}},
        std::pair{strings{known.path(), known.key_path(), other.path()}, known.path()}}) {
    child_process child{"/bin/sh",
                        {"-c", "exec " GUARDRAILS_BINARY_DIR
                               "/apps/guardrails node --listen 127.0.0.1:0 --tls-cert " +
                                 files[0] + " --tls-key " + files[1] + " --tls-ca " + files[2] + " 2>&1"}};
    CHECK_EQ(child.wait(), 2);
    const auto output = child.output();
    CHECK(output.find(said) != std::string::npos);
  }
}

TEST("whatever comes to a plain port is refused and said, and the node lives on") {
  const scratch_folder folder;
  const auto token = folder.file("token", "sesame-open-sesame-open\n");
  child_process node{"/bin/sh",
                     {"-c", "exec " GUARDRAILS_BINARY_DIR
                            "/apps/guardrails node --listen 127.0.0.1:0 --threads 1 "
                            "--token-file '" +
                              token + "' 2>&1"}};
  const auto port = node.wait_for_line("node listening on 127\\.0\\.0\\.1:(\\d+) \\(plain\\)")[1];
  const auto number = static_cast<std::uint16_t>(std::stoi(port));
  const auto huge = std::string(4, '\0') + "\xff\xff\xff\xf0" + std::string(24, '\0'); // a header of BASP

  client silent{number};
  client half{number};
  half.write("guardrails 2\nCA");
  for (int i = 0; i < 3; ++i)
    client{number};
  client random{number};
  random.write("\x80\x01\x02\x03 nothing at all");
  node.wait_for_line("refused 127\\.0\\.0\\.1:\\d+: it speaks another protocol");
  client loud{number};
  loud.write(huge);
  CHECK(loud.ended());

  const auto known = net::connect_to_peer(
    net::peer_identity{"sesame-open-sesame-open", "CAF " + caf_family()}, "127.0.0.1", number, 10s);
  REQUIRE(known.session.has_value());
  const auto sent = net::write_some(known.session->socket.get(), nullptr, huge.data(), huge.size());
  CHECK_EQ(sent.count, huge.size());
  auto got = net::transferred{net::transfer_state::wants_read};
  CHECK(in_time([&] {
    char block[4096];
    got = net::read_some(known.session->socket.get(), nullptr, block, sizeof block);
    return got.state == net::transfer_state::ended;
  }));

  const auto wrong_token = "token_file: '" + folder.file("wrong", "sesame-shut-sesame-shut\n") + "'";
  const auto nodes = "nodes: ['127.0.0.1:" + port + "'], ";
  {
    llm_rails rails{config_of(nodes + wrong_token), small_runtime()};
    CHECK(in_time([&] {
      const auto all = rails.nodes();
      return all.size() == 1 && all[0].problem.find("its token is another than ours") != std::string::npos;
    }));
  }
  node.wait_for_line("refused 127\\.0\\.0\\.1:\\d+: wrong token");
  node.wait_for_line("no agreement in time");
  llm_rails rails{config_of("local: false, " + nodes + "token_file: '" + token + "'"), small_runtime()};
  CHECK_EQ(rails.generate({{{"user", "hello"}}, {}, 10s}).final_response, "hello");
}
