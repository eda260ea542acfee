// TLS towards the upstream: whom the HTTP client trusts, and whom it tells nothing.
#define CAF_SUITE tls
#include "tests/caf_test.hpp"

#include "tests/certificate.hpp"
#include "tests/http_asking.hpp"
#include "tests/raw_server.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <csignal>
#include <memory>

namespace {

using namespace guardrails::net;
using guardrails::test::ask;
using guardrails::test::post;
using guardrails::test::quotes_nothing;
using guardrails::test::raw_connection;
using guardrails::test::raw_server;

using guardrails::test::an_hour;
using guardrails::test::certificate_file;
using guardrails::test::freed_by;
using guardrails::test::identity;

using context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using session_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;

/// An upstream that speaks TLS as `who` and answers every request with "secure".
class tls_server {
public:
  explicit tls_server(const identity& who)
    : context_{SSL_CTX_new(TLS_server_method())} {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to peers that left
    SSL_CTX_use_certificate(context_.get(), who.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), who.key.get());
  }

  std::string url() const { return "https://127.0.0.1:" + std::to_string(server_.port()) + "/v1"; }
  int requests() const noexcept { return requests_; }

private:
  void serve(raw_connection& peer) {
    const session_ptr session{SSL_new(context_.get())};
    SSL_set_fd(session.get(), peer.descriptor());
    if (SSL_accept(session.get()) != 1)
      return;
    char block[4096];
    if (SSL_read(session.get(), block, sizeof block) <= 0)
      return;
    ++requests_;
    constexpr std::string_view answer =
      "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecure";
    SSL_write(session.get(), answer.data(), static_cast<int>(answer.size()));
    SSL_shutdown(session.get());
  }

  context_ptr context_;
  std::atomic<int> requests_{0};
  raw_server server_{[this](raw_connection& peer) { serve(peer); }};
};

http_response ask_trusting(const tls_server& server, std::string ca_file) {
  auto request = post(1, server.url());
  request.ca_file = std::move(ca_file);
  return ask(std::move(request));
}

} // namespace

TEST("an upstream whose certificate the CA file vouches for is asked") {
  const identity who{"IP:127.0.0.1"};
  const tls_server server{who};
  const certificate_file trusted{who};
  const auto response = ask_trusting(server, trusted.path());
  CHECK(response.result == transfer_result::ok);
  CHECK_EQ(response.body, "secure");
  CHECK_EQ(server.requests(), 1);
}

TEST("an upstream that nobody vouches for hears nothing of the request") {
  const identity who{"IP:127.0.0.1"};
  const tls_server server{who};
  const auto by_the_system = ask_trusting(server, {});
  CHECK(by_the_system.result == transfer_result::tls_failed);
  CHECK(quotes_nothing(by_the_system));
  const certificate_file other{identity{"IP:127.0.0.1"}};
  CHECK(ask_trusting(server, other.path()).result == transfer_result::tls_failed);
  CHECK_EQ(server.requests(), 0);
}

TEST("a certificate for another name or of the past is refused") {
  for (const auto& who : {identity{"DNS:other.example"}, identity{"IP:127.0.0.1", -an_hour}}) {
    const tls_server server{who};
    const certificate_file trusted{who};
    const auto response = ask_trusting(server, trusted.path());
    CHECK(response.result == transfer_result::tls_failed);
    CHECK(quotes_nothing(response));
    CHECK_EQ(server.requests(), 0);
  }
}

TEST("a CA file that is not there fails the request, not the check") {
  const identity who{"IP:127.0.0.1"};
  const tls_server server{who};
  const auto response = ask_trusting(server, "/nowhere/ca.pem");
  CHECK(response.result == transfer_result::tls_failed);
  CHECK_EQ(server.requests(), 0);
}

TEST("a peer without TLS fails the handshake") {
  raw_server server{[](raw_connection& peer) {
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.peer_leaves();
  }};
  const auto response = ask(post(1, "https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  CHECK(response.result == transfer_result::tls_failed);
  CHECK(quotes_nothing(response));
}
