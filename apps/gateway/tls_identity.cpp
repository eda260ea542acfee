// Reads PEM files into contexts of OpenSSL.
#include "apps/gateway/tls_identity.hpp"

#include "apps/read_file.hpp"

#include <boost/asio/buffer.hpp>

#include <stdexcept>
#include <utility>

namespace guardrails::gateway {
namespace {

using boost::asio::ssl::context;

void check(const boost::system::error_code& problem, const std::string& file, const char* expected) {
  if (problem)
    throw std::runtime_error{file + ": expected " + expected + " in PEM (" + problem.message() + ")"};
}

std::shared_ptr<context> read(const tls_files& files) {
  auto made = std::make_shared<context>(context::tls_server);
  auto* native = made->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS); // idle connections are many
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  // Nobody sits at the terminal where OpenSSL would ask for it.
  made->set_password_callback([](std::size_t, context::password_purpose) { return std::string{}; });
  const auto chain = apps::read_file(files.certificate);
  const auto key = apps::read_file(files.key);
  boost::system::error_code problem;
  made->use_certificate_chain(boost::asio::buffer(chain), problem);
  check(problem, files.certificate, "a certificate with its chain");
  made->use_private_key(boost::asio::buffer(key), context::pem, problem);
  check(problem, files.key, "the certificate's private key");
  return made;
}

} // namespace

tls_identity::tls_identity(tls_files files)
  : files_{std::move(files)}
  , current_{read(files_)} {}

std::shared_ptr<context> tls_identity::current() const {
  const std::lock_guard guard{mutex_};
  return current_;
}

void tls_identity::reload() {
  auto next = read(files_);
  const std::lock_guard guard{mutex_};
  current_ = std::move(next);
}

} // namespace guardrails::gateway
