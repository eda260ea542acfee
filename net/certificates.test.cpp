// A small authority's certificates: whom they vouch for, as OpenSSL's own verification sees it.
#define CAF_SUITE certificates
#include "tests/caf_test.hpp"

#include "net/certificates.hpp"

#include "tests/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace {

using namespace guardrails::net;
using std::chrono::hours;
using std::chrono::sys_seconds;

using guardrails::test::freed_by;
using guardrails::test::x509_ptr;

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using store_ptr = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;
using context_ptr = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;

x509_ptr parsed(const std::string& pem) {
  const bio_ptr from{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return x509_ptr{PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)};
}

/// What OpenSSL says to `leaf` as a server's and a client's where `root` is trusted: X509_V_OK or what is
/// wrong.
int verdict(const std::string& leaf, const std::string& root, int purpose = X509_PURPOSE_SSL_SERVER) {
  const auto certificate = parsed(leaf);
  const auto trusted = parsed(root);
  const store_ptr store{X509_STORE_new()};
  X509_STORE_add_cert(store.get(), trusted.get());
  const context_ptr context{X509_STORE_CTX_new()};
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

struct fixture {
  const sys_seconds now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const validity good{now - hours{1}, now + hours{24}};
  const certified_key authority = make_authority("one", good);
  const std::vector<std::string> hosts{"10.1.2.3", "::1", "a.example.com"};

  bool refuses(const std::string& name, const std::vector<std::string>& more = {}) const {
    try {
      make_node(authority, name, more, good);
      return false;
    } catch (const std::invalid_argument&) {
      return true;
    }
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("a node's certificate is good for a server and a client under its authority") {
    const auto node = make_node(authority, "a", hosts, good);
    CHECK_EQ(verdict(node.certificate, authority.certificate), X509_V_OK);
    CHECK_EQ(verdict(node.certificate, authority.certificate, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
    const auto certificate = parsed(node.certificate);
    const auto root = parsed(authority.certificate);
    CHECK_EQ(X509_verify(certificate.get(), X509_get0_pubkey(root.get())), 1);
    CHECK_EQ(X509_check_host(certificate.get(), "a.example.com", 0, 0, nullptr), 1);
    CHECK_EQ(X509_check_ip_asc(certificate.get(), "10.1.2.3", 0), 1);
    CHECK_EQ(X509_check_ip_asc(certificate.get(), "10.1.2.4", 0), 0);
  }

  TEST("another authority of the same name does not vouch for it") {
    const auto node = make_node(authority, "a", hosts, good);
    const auto other = make_authority("one", good);
    CHECK(verdict(node.certificate, other.certificate) != X509_V_OK);
  }

  TEST("a certificate that ended is refused, one that has not begun too") {
    const auto past = make_node(authority, "a", hosts, {now - hours{2}, now - hours{1}});
    CHECK_EQ(verdict(past.certificate, authority.certificate), X509_V_ERR_CERT_HAS_EXPIRED);
    const auto future = make_node(authority, "a", hosts, {now + hours{1}, now + hours{2}});
    CHECK_EQ(verdict(future.certificate, authority.certificate), X509_V_ERR_CERT_NOT_YET_VALID);
  }

  TEST("a node's certificate ends with its authority's, and signs no other") {
    const auto node = make_node(authority, "a", hosts, {now, now + hours{1000}});
    CHECK(read_certificates(node.certificate).at(0).valid.until == good.until);
    auto refused = false;
    try {
      make_node(node, "b", hosts, good);
    } catch (const std::invalid_argument&) {
      refused = true;
    }
    CHECK(refused);
  }

  TEST("a certificate says whose it is") {
    const auto pair = make_node(authority, "a", hosts, good);
    const auto all = read_certificates(pair.certificate + authority.certificate);
    CHECK_EQ(all.size(), 2u);
    const auto& node = all.at(0);
    CHECK_EQ(node.subject, "CN=a,O=guardrails");
    CHECK_EQ(node.issuer, "CN=one,O=guardrails");
    CHECK((node.names == std::vector<std::string>{"DNS:a", "IP:10.1.2.3", "IP:::1", "DNS:a.example.com"}));
    CHECK(node.valid.from == good.from && node.valid.until == good.until);
    CHECK_EQ(node.fingerprint.size(), 95u);
    CHECK(!node.authority);
    CHECK(all.at(1).authority);
    CHECK(node.fingerprint != all.at(1).fingerprint);
  }

  TEST("what is no name of a host is refused") {
    for (const auto* name : {"", "a/b", "..", "a..b", "-a", "a b", "a,b", "*", "ä"})
      CHECK(refuses(name));
    CHECK(refuses(std::string(65, 'a')));
    for (const auto* host : {"", "DNS:x", "a,IP:1.2.3.4", "1.2.3.4/8", "http://a", "a:80"})
      CHECK(refuses("a", {host}));
    CHECK(!refuses("node-1.cluster.local", {"fe80::1"}));
  }

  TEST("what is no certificate is refused") {
    const auto broken = authority.certificate.substr(0, authority.certificate.size() / 2);
    for (const auto& text :
         {std::string{}, std::string{"x"}, authority.key, broken, authority.certificate + broken}) {
      auto refused = false;
      try {
        read_certificates(text);
      } catch (const std::invalid_argument&) {
        refused = true;
      }
      CHECK(refused);
    }
  }

} // WITH_FIXTURE(fixture)
