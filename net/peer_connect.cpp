// Tries the addresses of a host in turn, with one limit for all.
#include "net/peer_connect.hpp"

#include "net/peer_greeting.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace guardrails::net {

namespace {

using clock = std::chrono::steady_clock;
using addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

addresses resolve(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
    found = nullptr;
  return {found, freeaddrinfo};
}

/// False: not by `end`.
bool wait_for(int fd, short events, clock::time_point end) {
  pollfd entry{fd, events, 0};
  for (;;) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now()).count();
    const auto count = poll(&entry, 1, static_cast<int>(std::max<decltype(rest)>(rest, 0)));
    if (count >= 0 || errno != EINTR)
      return count > 0;
  }
}

/// Null where it cannot be connected by `end`; errno says why.
std::optional<socket_owner> connect_tcp(const addrinfo& to, clock::time_point end) {
  socket_owner socket{::socket(to.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (socket.get() < 0)
    return std::nullopt;
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(socket.get(), to.ai_addr, to.ai_addrlen) == 0)
    return socket;
  if (errno != EINPROGRESS)
    return std::nullopt;
  if (!wait_for(socket.get(), POLLOUT, end)) {
    errno = ETIMEDOUT;
    return std::nullopt;
  }
  int problem = 0;
  socklen_t size = sizeof problem;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
  errno = problem;
  return problem == 0 ? std::optional{std::move(socket)} : std::nullopt;
}

peer_connection greet(const peer_identity& ours, socket_owner socket, clock::time_point end) {
  peer_greeting greeting{ours, std::move(socket), peer_greeting::side::asks};
  for (;;) {
    const auto state = greeting.step();
    switch (state) {
    case greeting_state::agreed:
      return {greeting.take(), {}};
    case greeting_state::refused:
      return {std::nullopt, greeting.problem()};
    case greeting_state::wants_read:
    case greeting_state::wants_write:
      if (!wait_for(greeting.descriptor(), state == greeting_state::wants_read ? POLLIN : POLLOUT, end))
        return {std::nullopt, "it does not answer"};
    }
  }
}

} // namespace

peer_connection connect_to_peer(const peer_identity& ours, const std::string& host, std::uint16_t port,
                                std::chrono::milliseconds limit) {
  const auto end = clock::now() + limit;
  const auto found = resolve(host, port);
  peer_connection last{std::nullopt, "there is no host " + host};
  for (const auto* next = found.get(); next != nullptr; next = next->ai_next) {
    auto socket = connect_tcp(*next, end);
    last =
      socket ? greet(ours, std::move(*socket), end) : peer_connection{std::nullopt, std::strerror(errno)};
    if (last.session)
      break;
  }
  return last;
}

} // namespace guardrails::net
