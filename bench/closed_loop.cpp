// One thread, one epoll, and no more of HTTP than it takes to see where an answer ends.
#include "bench/closed_loop.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace guardrails::bench {
namespace {

using clock = std::chrono::steady_clock;

class asker {
public:
  asker(std::uint16_t port, std::string_view request)
    : request_{request}
    , fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(fd_);
      throw std::runtime_error{"cannot connect to port " + std::to_string(port)};
    }
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~asker() { close(fd_); }
  asker(const asker&) = delete;
  asker& operator=(const asker&) = delete;

  int descriptor() const noexcept { return fd_; }
  clock::time_point since() const noexcept { return since_; }

  /// Requests are short: the socket takes them at once.
  void ask() {
    since_ = clock::now();
    if (send(fd_, request_.data(), request_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request_.size()))
      throw std::runtime_error{"a server closed its connection"};
  }

  /// True when the answer is whole.
  bool read() {
    std::array<char, 16'384> block;
    const auto count = recv(fd_, block.data(), block.size(), 0);
    if (count <= 0)
      throw std::runtime_error{"a server closed its connection"};
    answer_.append(block.data(), static_cast<std::size_t>(count));
    const auto end = answer_.find("\r\n\r\n");
    return end != std::string::npos && answer_.size() >= end + 4 + content_length();
  }

  /// Forgets the answer; whether its status was 200.
  bool take() {
    const bool good = answer_.starts_with("HTTP/1.1 200 ");
    answer_.clear();
    return good;
  }

private:
  std::size_t content_length() const {
    constexpr std::string_view name = "Content-Length: ";
    const auto at = answer_.find(name);
    return at == std::string::npos ? 0 : std::strtoul(answer_.c_str() + at + name.size(), nullptr, 10);
  }

  std::string_view request_;
  int fd_;
  clock::time_point since_{};
  std::string answer_;
};

class descriptor {
public:
  explicit descriptor(int fd)
    : fd_{fd} {}
  ~descriptor() { close(fd_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const noexcept { return fd_; }

private:
  int fd_;
};

double milliseconds_at(std::vector<clock::duration>& times, double share) {
  if (times.empty())
    return 0;
  const auto index = static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + index, times.end());
  return std::chrono::duration<double, std::milli>(times[static_cast<std::size_t>(index)]).count();
}

} // namespace

closed_loop_result run_closed_loop(std::uint16_t port, const std::string& request, int connections,
                                   std::chrono::milliseconds time) {
  const descriptor poll{epoll_create1(EPOLL_CLOEXEC)};
  std::vector<std::unique_ptr<asker>> askers;
  for (int i = 0; i < connections; ++i) {
    auto& one = askers.emplace_back(std::make_unique<asker>(port, request));
    epoll_event event{EPOLLIN, {.ptr = one.get()}};
    epoll_ctl(poll.get(), EPOLL_CTL_ADD, one->descriptor(), &event);
    one->ask();
  }
  const auto begin = clock::now() + std::min(time, std::chrono::milliseconds{1000});
  const auto end = begin + time;
  std::vector<clock::duration> times;
  closed_loop_result result;
  std::array<epoll_event, 64> events;
  for (auto now = clock::now(); now < end;) {
    const auto count = epoll_wait(poll.get(), events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < count; ++i) {
      auto& one = *static_cast<asker*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!one.read())
        continue;
      now = clock::now();
      const bool good = one.take();
      if (now >= begin) {
        ++(good ? result.answered : result.failed);
        times.push_back(now - one.since());
      }
      one.ask();
    }
    now = clock::now();
  }
  result.per_second = static_cast<double>(result.answered) / std::chrono::duration<double>(time).count();
  result.p50 = milliseconds_at(times, 0.5);
  result.p99 = milliseconds_at(times, 0.99);
  return result;
}

} // namespace guardrails::bench
