// Scout: a few threads that end when there is nothing more to do.
#include "actors/scout.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr int longest_try = 1000; // milliseconds
constexpr std::size_t most_threads = 8;
constexpr std::size_t most_waiting = 8192;

struct address_list {
  addrinfo* first = nullptr;
  address_list() = default;
  address_list(const address_list&) = delete;
  address_list& operator=(const address_list&) = delete;
  ~address_list() {
    if (first)
      freeaddrinfo(first);
  }
};

struct descriptor {
  int number = -1;
  explicit descriptor(int opened)
    : number{opened} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number >= 0)
      close(number);
  }
};

/// What is wrong, or nothing.
std::string find_addresses(const config::node_address& where, address_list& found, int more_flags = 0) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | more_flags;
  const auto result =
    getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found.first);
  return result == 0 ? std::string{} : gai_strerror(result);
}

std::string numeric(const addrinfo& address) {
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (getnameinfo(address.ai_addr, address.ai_addrlen, host, sizeof host, port, sizeof port,
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return {};
  return config::node_address{host, static_cast<std::uint16_t>(std::atoi(port))}.text();
}

std::vector<std::string> texts_of(const address_list& found) {
  std::vector<std::string> addresses;
  for (const auto* next = found.first; next; next = next->ai_next)
    if (auto text = numeric(*next); !text.empty() && std::ranges::find(addresses, text) == addresses.end())
      addresses.push_back(std::move(text));
  return addresses;
}

std::string connect_to(const addrinfo& address) {
  const descriptor socket{::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (socket.number < 0)
    return std::strerror(errno);
  if (::connect(socket.number, address.ai_addr, address.ai_addrlen) == 0)
    return {};
  if (errno != EINPROGRESS)
    return std::strerror(errno);
  pollfd wait{socket.number, POLLOUT, 0};
  if (poll(&wait, 1, longest_try) != 1)
    return "no answer";
  int problem = 0;
  socklen_t size = sizeof problem;
  getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &problem, &size);
  return problem == 0 ? std::string{} : std::strerror(problem);
}

std::string try_to_connect(const config::node_address& where) {
  address_list found;
  if (auto problem = find_addresses(where, found); !problem.empty())
    return problem;
  return connect_to(*found.first);
}

} // namespace

struct scout::board : std::enable_shared_from_this<board> {
  std::mutex mutex;
  std::deque<errand> waiting; // each gives what tells its result
  std::size_t threads = 0;
  bool stopped = false;

  void work() {
    std::unique_lock lock{mutex};
    while (!stopped && !waiting.empty()) {
      auto next = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      auto tell = next();
      lock.lock();
      if (!stopped)
        tell();
      lock.unlock();
      next = nullptr; // what they hold may end with them
      tell = nullptr;
      lock.lock();
    }
    --threads;
  }

  /// Starts one more where there may be more; false: none runs.
  bool has_thread() {
    if (threads < most_threads) {
      try {
        std::thread{[shared = shared_from_this()] { shared->work(); }}.detach();
        ++threads;
      } catch (const std::system_error&) {
        // one that runs takes it
      }
    }
    return threads > 0;
  }
};

scout::scout()
  : tries_{std::make_shared<board>()}
  , look_ups_{std::make_shared<board>()} {}

scout::~scout() {
  stop();
}

void scout::try_port(config::node_address where, tried done) {
  const auto refused = [done] { done("too much is under way"); };
  run(
    tries_,
    [where = std::move(where), done]() -> telling {
      return [done, problem = try_to_connect(where)] { done(problem); };
    },
    refused);
}

void scout::look_up(config::node_address where, resolved done) {
  address_list numbers;
  if (find_addresses(where, numbers, AI_NUMERICHOST).empty())
    return done(texts_of(numbers), {});
  const auto refused = [done] { done({}, "too much is under way"); };
  run(
    look_ups_,
    [where = std::move(where), done]() -> telling {
      address_list found;
      auto problem = find_addresses(where, found);
      return [done, addresses = texts_of(found), problem = std::move(problem)] { done(addresses, problem); };
    },
    refused);
}

void scout::run(const std::shared_ptr<board>& by, errand work, const telling& refused) {
  {
    const std::lock_guard guard{by->mutex};
    if (by->stopped)
      return;
    if (by->waiting.size() < most_waiting && by->has_thread()) {
      by->waiting.push_back(std::move(work));
      return;
    }
  }
  refused();
}

void scout::stop() noexcept {
  for (const auto& one : {tries_, look_ups_}) {
    std::deque<errand> dropped;
    const std::lock_guard guard{one->mutex};
    one->stopped = true;
    dropped.swap(one->waiting);
  }
}

} // namespace guardrails::actors
