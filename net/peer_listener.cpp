// One poll loop over the listening socket and the connections that have not agreed yet.
#include "net/peer_listener.hpp"

#include "net/peer_greeting.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <tuple>
#include <utility>
#include <vector>

namespace guardrails::net {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds pause_without_descriptors{100};
constexpr std::chrono::seconds a_second{1};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error{what + ": " + std::strerror(errno)};
}

std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> numeric(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
    throw std::runtime_error{"expected a numeric address to listen at: " + host};
  return {found, freeaddrinfo};
}

socket_owner listen_at(const std::string& host, std::uint16_t port) {
  const auto where = numeric(host, port);
  socket_owner made{socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const int on = 1;
  setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (made.get() < 0 || bind(made.get(), where->ai_addr, where->ai_addrlen) != 0 ||
      listen(made.get(), SOMAXCONN) != 0)
    fail("cannot listen at " + host + ':' + std::to_string(port));
  return made;
}

std::uint16_t port_of(const socket_owner& listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::string text_of(const sockaddr_storage& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&address), sizeof address, host.data(), host.size(),
                  port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "?";
  return std::string{host.data()} + ':' + port.data();
}

std::pair<socket_owner, socket_owner> signal_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
    fail("cannot make a pair of sockets");
  return {socket_owner{ends[0]}, socket_owner{ends[1]}};
}

} // namespace

/// What the thread has; its connections end with it.
class peer_listener::work {
public:
  explicit work(peer_listener& owner)
    : owner_{owner} {}

  void run() {
    while (wait())
      serve();
  }

private:
  struct visitor {
    std::string from;
    clock::time_point end;
    std::unique_ptr<peer_greeting> greeting;
    short events = POLLIN;

    /// Without the port.
    std::string host() const { return from.substr(0, from.rfind(':')); }
  };

  /// Left without a word, as peers do that try whether there is somebody, and as those who scan ports do.
  struct silent_leave {
    visitor who;
    std::string why;
  };

  /// False: it is over.
  bool wait() {
    polled_.assign({{owner_.stop_out_.get(), POLLIN, 0},
                    {clock::now() < accept_again_ ? -1 : owner_.listening_.get(), POLLIN, 0}});
    for (const auto& one : visitors_)
      polled_.push_back({one.greeting->descriptor(), one.events, 0});
    poll(polled_.data(), polled_.size(), time_to_wait());
    return polled_[0].revents == 0;
  }

  /// Until the first of what is due; without end where nothing is.
  int time_to_wait() const {
    auto due = clock::time_point::max();
    if (!visitors_.empty())
      due = visitors_.front().end; // they came in the order of their ends
    if (!silent_.empty())
      due = std::min(due, silent_.front().who.end);
    if (left_out_ > 0)
      due = std::min(due, second_ + a_second);
    const auto now = clock::now();
    if (now < accept_again_)
      due = std::min(due, accept_again_);
    if (due == clock::time_point::max())
      return -1;
    return static_cast<int>(
      std::max<milliseconds::rep>(std::chrono::ceil<milliseconds>(due - now).count(), 0));
  }

  void serve() {
    for (std::size_t i = 0; i < visitors_.size(); ++i)
      if (polled_[i + 2].revents != 0)
        go_on(visitors_[i]);
    for (const auto now = clock::now(); auto& one : visitors_)
      if (one.greeting && one.end <= now)
        refuse(one, "no agreement in time");
    tell_of_silent();
    std::erase_if(visitors_, [](const visitor& one) { return !one.greeting; });
    if (polled_[1].revents != 0)
      accept_all();
    tell_of_left_out();
  }

  /// What is over has no greeting any more.
  void go_on(visitor& one) {
    switch (one.greeting->step()) {
    case greeting_state::wants_read:
      one.events = POLLIN;
      break;
    case greeting_state::wants_write:
      one.events = POLLOUT;
      break;
    case greeting_state::agreed:
      std::erase_if(silent_, [&](const auto& left) { return left.who.host() == one.host(); });
      owner_.arrived(one.greeting->take());
      one.greeting.reset();
      break;
    case greeting_state::refused:
      leave(one);
    }
  }

  /// Of who comes back and agrees, nothing is said.
  void leave(visitor& one) {
    auto why = one.greeting->problem();
    if (!one.greeting->heard_nothing() || silent_.size() >= owner_.limits_.waiting)
      return refuse(one, why);
    one.greeting.reset();
    silent_.push_back({{one.from, clock::now() + owner_.limits_.agreement, nullptr}, std::move(why)});
  }

  void tell_of_silent() {
    for (const auto now = clock::now(); !silent_.empty() && silent_.front().who.end <= now;) {
      refuse(silent_.front().who, silent_.front().why);
      silent_.pop_front();
    }
  }

  void refuse(visitor& one, const std::string& why) {
    tell("refused " + one.from + ": " + why);
    one.greeting.reset();
  }

  void accept_all() {
    for (;;) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      socket_owner socket{accept4(owner_.listening_.get(), reinterpret_cast<sockaddr*>(&address), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC)};
      if (socket.get() < 0)
        return cannot_accept();
      welcome(std::move(socket), text_of(address));
    }
  }

  void cannot_accept() {
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
      return; // nobody is there any more
    accept_again_ = clock::now() + pause_without_descriptors;
    tell(std::string{"cannot accept: "} + std::strerror(errno));
  }

  void welcome(socket_owner socket, std::string from) {
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (visitors_.size() >= owner_.limits_.waiting) {
      refuse(visitors_.front(), "too many have not agreed yet");
      visitors_.erase(visitors_.begin());
    }
    try {
      auto greeting =
        std::make_unique<peer_greeting>(owner_.ours_, std::move(socket), peer_greeting::side::answers);
      visitors_.push_back({std::move(from), clock::now() + owner_.limits_.agreement, std::move(greeting)});
    } catch (const std::exception& problem) {
      tell("refused " + from + ": " + problem.what());
    }
  }

  /// Whoever scans a port must not fill a log.
  void tell(const std::string& line) {
    tell_of_left_out();
    if (clock::now() - second_ >= a_second) {
      second_ = clock::now();
      lines_ = 0;
    }
    if (lines_++ < owner_.limits_.lines_per_second)
      owner_.tell_(line);
    else
      ++left_out_;
  }

  void tell_of_left_out() {
    if (left_out_ > 0 && clock::now() - second_ >= a_second)
      owner_.tell_(std::to_string(std::exchange(left_out_, 0)) + " more were refused");
  }

  peer_listener& owner_;
  std::vector<visitor> visitors_;   ///< the oldest first
  std::deque<silent_leave> silent_; ///< the first to be told of first
  std::vector<pollfd> polled_;
  clock::time_point accept_again_{};
  clock::time_point second_{};
  std::size_t lines_ = 0;
  std::size_t left_out_ = 0;
};

peer_listener::peer_listener(peer_identity ours, const std::string& host, std::uint16_t port, report tell,
                             listener_limits limits)
  : ours_{std::move(ours)}
  , tell_{std::move(tell)}
  , limits_{limits}
  , listening_{listen_at(host, port)}
  , port_{port_of(listening_)} {
  std::tie(signal_in_, signal_out_) = signal_pair();
  std::tie(stop_in_, stop_out_) = signal_pair();
  thread_ = std::thread{[this] {
    block_pipe_signal();
    work{*this}.run();
  }};
}

peer_listener::~peer_listener() {
  stop_in_ = socket_owner{-1}; // the thread sees the other end
  thread_.join();
}

std::optional<peer_session> peer_listener::take() {
  const std::lock_guard guard{mutex_};
  if (sessions_.empty())
    return std::nullopt;
  auto next = std::move(sessions_.front());
  sessions_.pop_front();
  return next;
}

void peer_listener::arrived(peer_session session) {
  {
    const std::lock_guard guard{mutex_};
    sessions_.push_back(std::move(session));
  }
  constexpr char one = 1;
  // Whoever took the other end may be gone, and this with it soon.
  [[maybe_unused]] const auto count = send(signal_in_.get(), &one, 1, MSG_NOSIGNAL);
}

} // namespace guardrails::net
