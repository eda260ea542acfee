// The certificate and the key that the gateway shows its clients, and their exchange while it runs.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace guardrails::gateway {

/// Files in PEM.
struct tls_files {
  std::string certificate; ///< and the chain to the root, in that order
  std::string key;
};

/// Thread-safe.
class tls_identity {
public:
  /// Throws std::runtime_error that names the file.
  explicit tls_identity(tls_files files);

  /// For connections that begin now; earlier ones keep theirs.
  std::shared_ptr<boost::asio::ssl::context> current() const;

  /// Reads the files again. Throws std::runtime_error, and nothing has changed.
  void reload();

private:
  const tls_files files_;
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> current_;
};

} // namespace guardrails::gateway
