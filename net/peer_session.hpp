// Mutual TLS between nodes: whose certificates count, and a session that both sides agreed on.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace guardrails::net {

/// Files in PEM.
struct peer_files {
  std::string certificate; ///< and the chain to the authority, in that order
  std::string key;
  std::string authority;
};

/// What a peer says first, beside its certificate: a digest of the token that it has to know.
using token_digest = std::array<std::uint8_t, 32>;

token_digest digest_of_token(const std::string& token);

/// Ourselves among peers. Copies share what was read.
class peer_identity {
public:
  /// Reads the files, once. Throws std::runtime_error naming what cannot be used.
  peer_identity(const peer_files& files, const std::string& token);

  SSL_CTX& context() const noexcept { return *context_; }
  const token_digest& token() const noexcept { return token_; }

private:
  std::shared_ptr<SSL_CTX> context_;
  token_digest token_;
};

/// An open socket.
class socket_owner {
public:
  explicit socket_owner(int fd) noexcept
    : fd_{fd} {}
  ~socket_owner();
  socket_owner(socket_owner&& other) noexcept
    : fd_{other.release()} {}
  socket_owner& operator=(socket_owner&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

private:
  int fd_;
};

struct tls_free {
  void operator()(SSL* tls) const noexcept { SSL_free(tls); }
};

using tls_ptr = std::unique_ptr<SSL, tls_free>;

/// Whoever is at the other end has a certificate of our authority and knows our token. The socket does not
/// block.
struct peer_session {
  socket_owner socket;
  tls_ptr tls;
};

/// OpenSSL writes to sockets whose other end is gone; for threads that have no other use for the signal.
void block_pipe_signal() noexcept;

} // namespace guardrails::net
