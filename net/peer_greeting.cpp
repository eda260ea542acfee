// Goes on where OpenSSL stopped, and compares tokens in constant time.
#include "net/peer_greeting.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <stdexcept>
#include <string_view>
#include <utility>

namespace guardrails::net {

namespace {

constexpr std::string_view greeting_mark = "guardrails 1\n";
constexpr std::string_view welcome_mark = "welcome\n";

std::string greeting_with(const token_digest& token) {
  std::string text{greeting_mark};
  text.append(reinterpret_cast<const char*>(token.data()), token.size());
  return text;
}

std::string reason_of_openssl(const SSL* tls) {
  const auto code = ERR_peek_last_error();
  const auto verdict = SSL_get_verify_result(tls);
  ERR_clear_error();
  if (verdict != X509_V_OK)
    return X509_verify_cert_error_string(verdict);
  const auto* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason != nullptr ? reason : "the connection ended";
}

} // namespace

peer_greeting::peer_greeting(const peer_identity& ours, socket_owner socket, side which)
  : token_{ours.token()}
  , session_{std::move(socket), tls_ptr{SSL_new(&ours.context())}}
  , side_{which}
  , to_send_{which == side::asks ? greeting_with(token_) : std::string{welcome_mark}}
  , expected_{which == side::asks ? welcome_mark.size() : greeting_mark.size() + token_.size()} {
  if (!session_.tls || SSL_set_fd(session_.tls.get(), session_.socket.get()) != 1)
    throw std::runtime_error{"no memory for TLS"};
  received_.resize(expected_);
  if (which == side::asks)
    SSL_set_connect_state(session_.tls.get());
  else
    SSL_set_accept_state(session_.tls.get());
}

greeting_state peer_greeting::step() {
  for (;;) {
    const auto before = phase_;
    auto state = greeting_state::agreed;
    switch (phase_) {
    case phase::handshake:
      state = shake_hands();
      break;
    case phase::send:
      state = send();
      break;
    case phase::receive:
      state = receive();
      break;
    case phase::over:
      return problem_.empty() ? greeting_state::agreed : greeting_state::refused;
    }
    if (phase_ == before)
      return state;
  }
}

greeting_state peer_greeting::shake_hands() {
  ERR_clear_error();
  if (const auto result = SSL_do_handshake(session_.tls.get()); result != 1)
    return wait_or_fail(result, "handshake");
  phase_ = side_ == side::asks ? phase::send : phase::receive;
  return greeting_state::wants_write;
}

greeting_state peer_greeting::send() {
  ERR_clear_error();
  const auto result =
    SSL_write(session_.tls.get(), to_send_.data() + done_, static_cast<int>(to_send_.size() - done_));
  if (result <= 0)
    return wait_or_fail(result, "greeting");
  done_ += static_cast<std::size_t>(result);
  if (done_ == to_send_.size()) {
    done_ = 0;
    phase_ = side_ == side::asks ? phase::receive : phase::over;
  }
  return greeting_state::wants_write;
}

greeting_state peer_greeting::receive() {
  ERR_clear_error();
  // Not a byte more: what follows is for whoever takes the session.
  const auto result =
    SSL_read(session_.tls.get(), received_.data() + done_, static_cast<int>(expected_ - done_));
  if (result <= 0)
    return wait_or_fail(result, "greeting");
  done_ += static_cast<std::size_t>(result);
  return done_ == expected_ ? judge_received() : greeting_state::wants_read;
}

greeting_state peer_greeting::judge_received() {
  done_ = 0;
  const auto mark = side_ == side::asks ? welcome_mark : greeting_mark;
  if (!received_.starts_with(mark))
    return refuse("it speaks another protocol");
  if (side_ == side::asks) {
    phase_ = phase::over;
    return greeting_state::agreed;
  }
  if (CRYPTO_memcmp(received_.data() + mark.size(), token_.data(), token_.size()) != 0)
    return refuse("wrong token");
  phase_ = phase::send;
  return greeting_state::wants_write;
}

greeting_state peer_greeting::wait_or_fail(int result, const char* doing) {
  switch (SSL_get_error(session_.tls.get(), result)) {
  case SSL_ERROR_WANT_READ:
    return greeting_state::wants_read;
  case SSL_ERROR_WANT_WRITE:
    return greeting_state::wants_write;
  default:
    return refuse(std::string{doing} + ": " + reason_of_openssl(session_.tls.get()));
  }
}

greeting_state peer_greeting::refuse(std::string why) {
  problem_ = std::move(why);
  phase_ = phase::over;
  return greeting_state::refused;
}

} // namespace guardrails::net
