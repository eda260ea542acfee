// Reads identities, and what sessions carry.
#include "net/peer_session.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace guardrails::net {

namespace {

void check(bool done, const std::string& file, const char* expected) {
  if (done)
    return;
  std::array<char, 256> why{};
  ERR_error_string_n(ERR_get_error(), why.data(), why.size());
  ERR_clear_error();
  throw std::runtime_error{file + ": expected " + expected + " (" + why.data() + ')'};
}

/// Nobody sits at the terminal where OpenSSL would ask for it.
int no_password(char*, int, int, void*) {
  return 0;
}

std::shared_ptr<SSL_CTX> read(const peer_files& files) {
  const std::shared_ptr<SSL_CTX> made{SSL_CTX_new(TLS_method()), SSL_CTX_free};
  auto* context = made.get();
  check(context != nullptr, "TLS", "memory");
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_default_passwd_cb(context, no_password);
  check(SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) == 1, files.certificate,
        "a certificate with its chain in PEM");
  check(SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
          SSL_CTX_check_private_key(context) == 1,
        files.key, "the certificate's private key in PEM");
  check(SSL_CTX_load_verify_locations(context, files.authority.c_str(), nullptr) == 1, files.authority,
        "the certificate of an authority in PEM");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return made;
}

transferred of_tls(SSL* tls, int count) noexcept {
  if (count > 0)
    return {transfer_state::done, static_cast<std::size_t>(count)};
  switch (SSL_get_error(tls, count)) {
  case SSL_ERROR_WANT_READ:
    return {transfer_state::wants_read};
  case SSL_ERROR_WANT_WRITE:
    return {transfer_state::wants_write};
  default:
    return {transfer_state::ended};
  }
}

transferred of_socket(ssize_t count, transfer_state later) noexcept {
  if (count > 0)
    return {transfer_state::done, static_cast<std::size_t>(count)};
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return {later};
  return {transfer_state::ended};
}

int bounded(std::size_t size) noexcept {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

} // namespace

token_digest digest_of_token(const std::string& token) {
  token_digest digest{};
  if (EVP_Digest(token.data(), token.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"no SHA-256"};
  return digest;
}

peer_identity::peer_identity(const peer_files& files, const std::string& token, std::string dialect)
  : context_{read(files)}
  , token_{digest_of_token(token)}
  , dialect_{std::move(dialect)} {}

peer_identity::peer_identity(const std::string& token, std::string dialect)
  : token_{digest_of_token(token)}
  , dialect_{std::move(dialect)} {}

void check_own_certificate(const peer_identity& ours, const std::string& file) {
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(ours.context(), &chain);
  auto* certificate = SSL_CTX_get0_certificate(ours.context());
  for (const auto& [purpose, role] :
       {std::pair{X509_PURPOSE_SSL_CLIENT, "client"}, std::pair{X509_PURPOSE_SSL_SERVER, "server"}}) {
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> trial{X509_STORE_CTX_new(),
                                                                                X509_STORE_CTX_free};
    check(trial &&
            X509_STORE_CTX_init(trial.get(), SSL_CTX_get_cert_store(ours.context()), certificate, chain) == 1,
          file, "memory to verify it");
    X509_STORE_CTX_set_purpose(trial.get(), purpose);
    if (X509_verify_cert(trial.get()) != 1) {
      const auto* why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(trial.get()));
      ERR_clear_error();
      throw std::runtime_error{file + ": peers would refuse it as a " + role + "'s: " + why};
    }
  }
}

transferred read_some(int socket, SSL* tls, void* to, std::size_t size) noexcept {
  if (tls == nullptr)
    return of_socket(recv(socket, to, size, 0), transfer_state::wants_read);
  ERR_clear_error();
  return of_tls(tls, SSL_read(tls, to, bounded(size)));
}

transferred write_some(int socket, SSL* tls, const void* from, std::size_t size) noexcept {
  if (tls == nullptr)
    return of_socket(send(socket, from, size, MSG_NOSIGNAL), transfer_state::wants_write);
  ERR_clear_error();
  return of_tls(tls, SSL_write(tls, from, bounded(size)));
}

socket_owner::~socket_owner() {
  if (fd_ >= 0)
    close(fd_);
}

void block_pipe_signal() noexcept {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

} // namespace guardrails::net
