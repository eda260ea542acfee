// A session between nodes that both sides agreed on, over mutual TLS or plain, and who we are to them.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <cstddef>
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

/// What a peer says first, beside its certificate: a digest of the token that it has to know. Without TLS
/// whoever listens on the line can say the same.
using token_digest = std::array<std::uint8_t, 32>;

token_digest digest_of_token(const std::string& token);

/// Ourselves among peers. Copies share what was read.
class peer_identity {
public:
  /// Reads the files, once. `dialect` is what is spoken after the greeting, the same on both sides. Throws
  /// std::runtime_error naming what cannot be used.
  peer_identity(const peer_files& files, const std::string& token, std::string dialect = {});

  /// Without TLS.
  explicit peer_identity(const std::string& token, std::string dialect = {});

  /// Null: without TLS.
  SSL_CTX* context() const noexcept { return context_.get(); }
  const token_digest& token() const noexcept { return token_; }
  const std::string& dialect() const noexcept { return dialect_; }

private:
  std::shared_ptr<SSL_CTX> context_;
  token_digest token_;
  std::string dialect_;
};

/// Throws std::runtime_error naming `file` where our own certificate would be refused by peers of our
/// authority: expired, not yet valid, of another authority, or not for both clients and servers.
void check_own_certificate(const peer_identity& ours, const std::string& file);

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
  tls_ptr tls; ///< null: without TLS
};

enum class transfer_state : std::uint8_t { done, wants_read, wants_write, ended };

struct transferred {
  transfer_state state;
  std::size_t count = 0; ///< of bytes, some where it is done
};

/// What can be read and written now; `tls` may be null.
transferred read_some(int socket, SSL* tls, void* to, std::size_t size) noexcept;
transferred write_some(int socket, SSL* tls, const void* from, std::size_t size) noexcept;

/// OpenSSL writes to sockets whose other end is gone; for threads that have no other use for the signal.
void block_pipe_signal() noexcept;

} // namespace guardrails::net
