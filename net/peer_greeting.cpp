// Goes on where OpenSSL stopped, and compares tokens in constant time.
#include "net/peer_greeting.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace guardrails::net {

namespace {

constexpr std::string_view mark = "guardrails 2\n";
constexpr std::size_t dialect_size = 16;
constexpr char welcome = 'w';
constexpr char wrong_token = 't';
constexpr char other_dialect = 'd';

std::string padded(std::string_view dialect) {
  std::string text(dialect_size, ' ');
  dialect.copy(text.data(), dialect_size);
  return text;
}

std::string greeting_with(const std::string& dialect, const token_digest& token) {
  std::string text{mark};
  text.append(dialect).append(reinterpret_cast<const char*>(token.data()), token.size());
  return text;
}

/// Of what came in place of the mark; it may be anything.
std::string what_is_spoken(std::string_view said) {
  constexpr char tls_alert = 0x15;
  constexpr char tls_handshake = 0x16;
  const bool is_tls = said.front() == tls_alert || said.front() == tls_handshake;
  return is_tls ? "it speaks TLS, and we do not" : "it speaks another protocol";
}

/// Of a dialect that somebody else named.
std::string printable(std::string_view dialect) {
  std::string text{dialect.substr(0, dialect.find_last_not_of(' ') + 1)};
  std::ranges::replace_if(
    text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

std::string other_than(std::string_view theirs, std::string_view ours) {
  std::string text = "it speaks ";
  return text.append(printable(theirs)).append(", and we ").append(printable(ours));
}

std::string reason_of_end(const SSL* tls) {
  if (tls == nullptr)
    return "the connection ended";
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
  , dialect_{padded(ours.dialect())}
  , session_{std::move(socket), tls_ptr{ours.context() == nullptr ? nullptr : SSL_new(ours.context())}}
  , side_{which}
  , to_send_{which == side::asks ? greeting_with(dialect_, token_) : std::string{}}
  , expected_{mark.size() + dialect_size + (which == side::asks ? 1 : token_.size())} {
  received_.resize(expected_);
  if (ours.context() == nullptr) {
    phase_ = which == side::asks ? phase::send : phase::receive;
    return;
  }
  if (!session_.tls || SSL_set_fd(session_.tls.get(), session_.socket.get()) != 1)
    throw std::runtime_error{"no memory for TLS"};
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
  auto* tls = session_.tls.get();
  ERR_clear_error();
  if (const auto result = SSL_do_handshake(tls); result != 1) {
    const auto why = SSL_get_error(tls, result);
    return wait_or_fail(why == SSL_ERROR_WANT_READ    ? transfer_state::wants_read
                        : why == SSL_ERROR_WANT_WRITE ? transfer_state::wants_write
                                                      : transfer_state::ended,
                        "handshake");
  }
  phase_ = side_ == side::asks ? phase::send : phase::receive;
  return greeting_state::wants_write;
}

greeting_state peer_greeting::send() {
  const auto sent =
    write_some(descriptor(), session_.tls.get(), to_send_.data() + done_, to_send_.size() - done_);
  if (sent.state != transfer_state::done)
    return wait_or_fail(sent.state, "greeting");
  done_ += sent.count;
  if (done_ < to_send_.size())
    return greeting_state::wants_write;
  if (!refusal_.empty())
    return refuse(std::move(refusal_));
  done_ = 0;
  phase_ = side_ == side::asks ? phase::receive : phase::over;
  return greeting_state::wants_write;
}

greeting_state peer_greeting::receive() {
  // Not a byte more: what follows is for whoever takes the session.
  const auto got = read_some(descriptor(), session_.tls.get(), received_.data() + done_, expected_ - done_);
  if (got.state != transfer_state::done)
    return wait_or_fail(got.state, "greeting");
  done_ += got.count;
  return judge_received();
}

greeting_state peer_greeting::judge_received() {
  const std::string_view said{received_.data(), done_};
  if (!said.starts_with(mark.substr(0, done_)))
    return refuse(what_is_spoken(said));
  if (done_ < expected_)
    return greeting_state::wants_read;
  done_ = 0;
  return side_ == side::asks ? judge_verdict() : judge_greeting();
}

// Who does not know the token learns nothing else.
greeting_state peer_greeting::judge_greeting() {
  const auto theirs = std::string_view{received_}.substr(mark.size(), dialect_size);
  const auto* token = received_.data() + mark.size() + dialect_size;
  if (CRYPTO_memcmp(token, token_.data(), token_.size()) != 0)
    return answer(wrong_token, "wrong token");
  if (theirs != dialect_)
    return answer(other_dialect, other_than(theirs, dialect_));
  return answer(welcome, {});
}

greeting_state peer_greeting::judge_verdict() {
  const auto theirs = std::string_view{received_}.substr(mark.size() + 1);
  switch (received_[mark.size()]) {
  case welcome:
    phase_ = phase::over;
    return greeting_state::agreed;
  case wrong_token:
    return refuse("its token is another than ours");
  case other_dialect:
    return refuse(other_than(theirs, dialect_));
  default:
    return refuse("it speaks another protocol");
  }
}

greeting_state peer_greeting::answer(char verdict, std::string problem) {
  to_send_ = mark;
  to_send_ += verdict;
  to_send_ += verdict == wrong_token ? padded({}) : dialect_;
  refusal_ = std::move(problem);
  phase_ = phase::send;
  return greeting_state::wants_write;
}

greeting_state peer_greeting::wait_or_fail(transfer_state how, const char* doing) {
  switch (how) {
  case transfer_state::wants_read:
    return greeting_state::wants_read;
  case transfer_state::wants_write:
    return greeting_state::wants_write;
  case transfer_state::done:
  case transfer_state::ended:
    break;
  }
  return refuse(std::string{doing} + ": " + reason_of_end(session_.tls.get()));
}

bool peer_greeting::heard_nothing() const noexcept {
  return session_.tls ? BIO_number_read(SSL_get_rbio(session_.tls.get())) == 0
                      : done_ == 0 && received_[0] == 0;
}

greeting_state peer_greeting::refuse(std::string why) {
  problem_ = std::move(why);
  phase_ = phase::over;
  return greeting_state::refused;
}

} // namespace guardrails::net
