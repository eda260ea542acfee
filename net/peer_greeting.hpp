// How two peers agree on a session, a step at a time and without waiting: TLS where they have it, then the
// asking side's greeting with its token and dialect, then the other side's verdict.
#pragma once

#include "net/peer_session.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace guardrails::net {

enum class greeting_state : std::uint8_t {
  wants_read,  ///< go on when the socket can be read
  wants_write, ///< go on when it can be written
  agreed,
  refused, ///< by either side
};

class peer_greeting {
public:
  enum class side : std::uint8_t { asks, answers };

  /// Of a connected socket that does not block. Throws std::runtime_error where OpenSSL has no memory.
  peer_greeting(const peer_identity& ours, socket_owner socket, side which);

  /// Does what can be done now.
  greeting_state step();

  /// Why it was refused.
  const std::string& problem() const noexcept { return problem_; }

  /// Whether not one byte came.
  bool heard_nothing() const noexcept;

  int descriptor() const noexcept { return session_.socket.get(); }

  /// After `agreed`.
  peer_session take() { return std::move(session_); }

private:
  enum class phase : std::uint8_t { handshake, send, receive, over };

  greeting_state shake_hands();
  greeting_state send();
  greeting_state receive();
  greeting_state judge_received();
  greeting_state judge_greeting();
  greeting_state judge_verdict();
  greeting_state answer(char verdict, std::string problem);
  greeting_state wait_or_fail(transfer_state how, const char* doing);
  greeting_state refuse(std::string why);

  token_digest token_;
  std::string dialect_;
  peer_session session_;
  side side_;
  phase phase_ = phase::handshake;
  std::string to_send_;
  std::string received_;
  std::size_t expected_; ///< bytes of the other side
  std::size_t done_ = 0; ///< of what is sent or received
  std::string refusal_;  ///< why, while the other side is still to be told
  std::string problem_;
};

} // namespace guardrails::net
