// A TCP server on loopback that does to each connection whatever the test says: the peers no HTTP server
// would be.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace guardrails::test {

/// One accepted connection.
class raw_connection {
public:
  explicit raw_connection(int fd)
    : fd_{fd} {}
  ~raw_connection() {
    if (fd_ >= 0)
      close(fd_);
  }
  raw_connection(const raw_connection&) = delete;
  raw_connection& operator=(const raw_connection&) = delete;

  /// Reads up to the end of one request's header, then as much body as its Content-Length says; empty: peer
  /// left.
  std::string read_request() {
    std::string text;
    std::size_t wanted = std::string::npos;
    while (text.size() < wanted) {
      char block[4096];
      const auto count = recv(fd_, block, sizeof block, 0);
      if (count <= 0)
        return {};
      text.append(block, static_cast<std::size_t>(count));
      const auto end = text.find("\r\n\r\n");
      const auto length = text.find("Content-Length: ");
      if (wanted == std::string::npos && end != std::string::npos)
        wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16, 20)) : 0);
    }
    return text;
  }

  bool write(std::string_view text) {
    while (!text.empty()) {
      const auto count = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// True once the peer has closed; false if it did not within ten seconds, or at the end of the test.
  bool peer_leaves() {
    for (char block[4096];;) {
      pollfd entry{fd_, POLLIN, 0};
      if (poll(&entry, 1, 10'000) <= 0)
        return false;
      if (recv(fd_, block, sizeof block, 0) <= 0)
        return true;
    }
  }

  /// Closes with a reset instead of an orderly end.
  void reset() {
    const linger hard{1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd_);
    fd_ = -1;
  }

  int descriptor() const noexcept { return fd_; }

  void interrupt() const { shutdown(fd_, SHUT_RDWR); }

private:
  int fd_;
};

class raw_server {
public:
  using behaviour = std::function<void(raw_connection&)>;

  explicit raw_server(behaviour serve)
    : serve_{std::move(serve)}
    , fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(fd_, 256) != 0 ||
        getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }

  ~raw_server() {
    shutdown(fd_, SHUT_RDWR);
    acceptor_.join();
    close(fd_);
    {
      const std::lock_guard guard{mutex_};
      for (auto& connection : connections_)
        connection.interrupt();
    }
    for (auto& thread : threads_)
      thread.join();
  }
  raw_server(const raw_server&) = delete;
  raw_server& operator=(const raw_server&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1/chat/completions"; }
  int accepted() const noexcept { return accepted_; }

private:
  void accept_all() {
    for (;;) {
      const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0)
        return;
      ++accepted_;
      const std::lock_guard guard{mutex_};
      auto& connection = connections_.emplace_back(fd);
      threads_.emplace_back([this, &connection] {
        serve_(connection);
        connection.interrupt();
      });
    }
  }

  behaviour serve_;
  int fd_;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::list<raw_connection> connections_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

} // namespace guardrails::test
