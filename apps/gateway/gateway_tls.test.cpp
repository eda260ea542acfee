// The gateway under TLS.
#define CAF_SUITE gateway_tls
#include "tests/caf_test.hpp"

#include "tests/certificate.hpp"
#include "tests/gateway_process.hpp"
#include "tests/http_asking.hpp"

#include <openssl/ssl.h>

#include <csignal>
#include <string>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;

constexpr const char* local = "IP:127.0.0.1";

std::vector<std::string> with(const certificate_file& files, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--tls-cert", files.path(), "--tls-key", files.key_path()});
  return more;
}

std::string url_of(const gateway_process& gate, const std::string& page) {
  return "https://127.0.0.1:" + std::to_string(gate.port()) + page;
}

net::http_response ask_trusting(const gateway_process& gate, const std::string& ca_file) {
  auto request = test::post(1, url_of(gate, "/v1/chat/completions"));
  request.ca_file = ca_file;
  return test::ask(std::move(request));
}

/// What curl answers, with its exit code.
std::pair<int, std::string> curl(const std::string& arguments) {
  child_process shell{"/bin/sh", {"-c", "exec curl -s -m 20 " + arguments}};
  const auto code = shell.wait(30s);
  return {code, shell.output()};
}

/// The exit code of a start and what it said.
std::pair<int, std::string> start_with(const std::vector<std::string>& options) {
  scratch_folder folder;
  std::string command = GUARDRAILS_BINARY_DIR "/apps/guardrails serve --listen 127.0.0.1:0 --config " +
                        folder.file("c.yml", "llm: {engine: echo}\n");
  for (const auto& option : options)
    command.append(" ").append(option);
  child_process shell{"/bin/sh", {"-c", command + " 2>&1"}};
  const auto code = shell.wait(30s);
  return {code, shell.output()};
}

struct session {
  explicit session(const client& peer)
    : context{SSL_CTX_new(TLS_client_method())}
    , ssl{SSL_new(context.get())} {
    SSL_set_fd(ssl.get(), peer.descriptor());
  }

  bool write(const std::string& text) {
    return SSL_write(ssl.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
  }

  std::string read_until(const std::string& end) {
    std::string text;
    char block[4096];
    while (text.find(end) == std::string::npos) {
      const auto count = SSL_read(ssl.get(), block, sizeof block);
      if (count <= 0)
        break;
      text.append(block, static_cast<std::size_t>(count));
    }
    return text;
  }

  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context;
  std::unique_ptr<SSL, freed_by<SSL_free>> ssl;
};

} // namespace

TEST("clients are answered under TLS, and a new certificate is taken while the old one's connections go on") {
  const identity first{local};
  const certificate_file files{first};
  const certificate_file trusted_before{first};
  gateway_process gate{with(files)};
  const auto got = ask_trusting(gate, trusted_before.path());
  CHECK_EQ(got.status, 200);
  CHECK(got.body.find("private prompt") != std::string::npos);
  const auto [code, health] = curl("--cacert " + trusted_before.path() + " " + url_of(gate, "/healthz"));
  CHECK_EQ(code, 0);
  CHECK_EQ(health, R"({"status":"ok"})");
  CHECK(curl("--tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 -k " + url_of(gate, "/healthz")).first != 0);
  client lasting{gate.port()};
  session kept{lasting};
  REQUIRE(SSL_connect(kept.ssl.get()) == 1);
  CHECK(kept.write(get_request("/healthz")));
  CHECK(kept.read_until("ok").starts_with("HTTP/1.1 200"));
  const identity second{local};
  const certificate_file trusted_after{second};
  files.replace(second);
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] { return ask_trusting(gate, trusted_after.path()).status == 200; }));
  CHECK(ask_trusting(gate, trusted_before.path()).result == net::transfer_result::tls_failed);
  CHECK(kept.write(get_request("/healthz") + get_request("/healthz")));
  CHECK(kept.read_until("ok").starts_with("HTTP/1.1 200"));
  std::ofstream{files.path()} << "nothing"; // and changes nothing
  gate.process().signal(SIGHUP);
  CHECK(comes_true([&] {
    return curl("-k " + url_of(gate, "/metrics")).second.find("guardrails_config_updates_total 2\n") !=
           std::string::npos;
  }));
  CHECK_EQ(ask_trusting(gate, trusted_after.path()).status, 200);
}

TEST("streams, requests sent ahead and clients that leave are under TLS what they are without") {
  const certificate_file files{identity{local}};
  gateway_process gate{with(files), {"--tokens-per-second", "40"}, "output_checks: false"};
  const std::string stream = R"("stream":true,)";
  client one{gate.port()};
  session peer{one};
  REQUIRE(SSL_connect(peer.ssl.get()) == 1);
  CHECK(peer.write(chat_request("one two three four five", {}, stream)));
  CHECK(peer.read_until("one").starts_with("HTTP/1.1 200"));
  CHECK(peer.write(get_request("/healthz"))); // while the answer is on its way
  CHECK(peer.read_until("\"ok\"").find("[DONE]") != std::string::npos);
  {
    std::string endless; // the model takes minutes for it
    for (int i = 0; i < 5000; ++i)
      endless += "word ";
    client leaving{gate.port()};
    session left{leaving};
    REQUIRE(SSL_connect(left.ssl.get()) == 1);
    CHECK(left.write(chat_request(endless, {}, stream)));
    CHECK(left.read_until("word").starts_with("HTTP/1.1 200"));
    SSL_shutdown(left.ssl.get());
  }
  CHECK(comes_true([&] { return gate.mock().stats().cancelled == 1; }));
  gate.process().signal(SIGTERM);
  CHECK_EQ(gate.process().wait(), 0);
}

TEST("what is no TLS, or too slow to be, is turned away") {
  const certificate_file files{identity{local}};
  gateway_process gate{with(files, {"--header-timeout", "300ms"})};
  const auto plain = client{gate.port()}.ask(get_request("/healthz"));
  CHECK_EQ(plain.status, 400);
  CHECK_EQ(plain.body, "This port expects https://\n");
  const std::vector<std::string> garbage{std::string(300, '\0'),
                                         std::string(300, '\xff'),
                                         std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11},
                                         std::string{"\x16\x03\x01\xff\xff", 5} + std::string(70'000, 'a'),
                                         "SSH-2.0-x\r\n",
                                         ""};
  for (const auto& bytes : garbage) {
    client one{gate.port()};
    one.write(bytes);
    CHECK(one.closed()); // some of it waits for more until the time is over
  }
  const auto [code, health] = curl("-k " + url_of(gate, "/healthz"));
  CHECK_EQ(code, 0);
  CHECK_EQ(health, R"({"status":"ok"})");
}

TEST("a certificate that cannot be used is named at the start") {
  scratch_folder folder;
  const certificate_file one{identity{local}};
  const certificate_file other{identity{local}};
  const auto names = [](const std::pair<int, std::string>& started, const std::string& file) {
    return started.first != 0 && started.second.find(file) != std::string::npos;
  };
  CHECK(
    names(start_with({"--tls-cert", folder.path("none"), "--tls-key", one.key_path()}), folder.path("none")));
  CHECK(names(start_with({"--tls-cert", one.path(), "--tls-key", other.key_path()}), other.key_path()));
  CHECK(names(start_with({"--tls-cert", one.key_path(), "--tls-key", one.key_path()}), one.key_path()));
  CHECK(start_with({"--tls-cert", one.path()}).first != 0);
}
