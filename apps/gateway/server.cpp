// Accepts, drains, reloads.
#include "apps/gateway/server.hpp"

#include "apps/gateway/api_error.hpp"
#include "apps/gateway/http_connection.hpp"
#include "apps/gateway/worker.hpp"

#include <boost/asio.hpp>

#include <csignal>
#include <iostream>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace guardrails::gateway {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

/// The system would take megabytes for a client that does not read; then its model would not be slowed, and
/// thousands of such clients would fill the memory. Connections have it from their acceptor.
void bound_unsent(tcp::acceptor& acceptor) {
  constexpr int most_unsent = 128 << 10;
  ::setsockopt(acceptor.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent, sizeof most_unsent);
}

/// What a client beyond --max-connections is told.
std::string refusal_of_connections() {
  const auto body = body_of(overloaded("Too many connections."));
  std::string whole{"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
                    "Retry-After: 1\r\nConnection: close\r\nContent-Length: "};
  return whole.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

} // namespace

class server::state {
public:
  state(listen_options options, service& answers, access_log* log)
    : options_{std::move(options)}
    , answers_{answers}
    , log_{log} {
    for (std::uint32_t i = 0; i < options_.threads; ++i)
      workers_.push_back(std::make_unique<worker>());
    if (options_.tls)
      tls_.emplace(*options_.tls);
    acceptor_.emplace(listen({options_.host, options_.port}));
    if (options_.admin)
      admin_acceptor_.emplace(listen(*options_.admin));
  }

  std::uint16_t port() const { return acceptor_->local_endpoint().port(); }
  std::uint16_t admin_port() const { return admin_acceptor_ ? admin_acceptor_->local_endpoint().port() : 0; }

  void run() {
    auto& first = workers_.front()->context;
    asio::signal_set ends{first, SIGTERM, SIGINT};
    asio::signal_set reloads{first, SIGHUP};
    asio::steady_timer limit{first};
    await_end(ends, limit);
    await_reload(reloads);
    asio::co_spawn(first, accept(*acceptor_, admin_acceptor_ ? entrance::clients : entrance::only),
                   asio::detached);
    if (admin_acceptor_)
      asio::co_spawn(first, accept(*admin_acceptor_, entrance::operators), asio::detached);
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < workers_.size(); ++i)
      threads.emplace_back([home = workers_[i].get()] { home->run(); });
    workers_.front()->run();
    threads.clear();
    // Answers that still come find their connections; these end with the contexts.
    answers_.stop();
  }

private:
  tcp::acceptor listen(const listen_address& where) {
    auto& first = workers_.front()->context;
    try {
      tcp::resolver resolver{first};
      const auto found = resolver.resolve(where.host, std::to_string(where.port), tcp::resolver::passive);
      tcp::acceptor acceptor{first, found.begin()->endpoint()};
      bound_unsent(acceptor);
      acceptor.listen(4096);
      acceptor.non_blocking(true);
      return acceptor;
    } catch (const boost::system::system_error& problem) {
      throw std::runtime_error{"cannot listen on " + where.host + ":" + std::to_string(where.port) + ": " +
                               problem.code().message()};
    }
  }

  void await_end(asio::signal_set& ends, asio::steady_timer& limit) {
    ends.async_wait([this, &ends, &limit](error_code problem, int) {
      if (problem)
        return;
      drain();
      limit.expires_after(options_.drain_time);
      limit.async_wait([this](error_code cancelled) {
        if (!cancelled)
          stop();
      });
      ends.async_wait([this](error_code cancelled, int) {
        if (!cancelled)
          stop();
      });
    });
  }

  void await_reload(asio::signal_set& reloads) {
    reloads.async_wait([this, &reloads](error_code problem, int) {
      if (problem)
        return;
      answers_.reload(say);
      reload_identity();
      await_reload(reloads);
    });
  }

  static void say(const std::string& line) {
    std::cerr << std::string{"guardrails serve: "}.append(line).append("\n") << std::flush;
  }

  /// Two small files: not worth a thread.
  void reload_identity() {
    if (!tls_)
      return;
    try {
      tls_->reload();
      say("the certificate was read again");
    } catch (const std::exception& problem) {
      say(std::string{"the certificate stays as it was: "}.append(problem.what()));
    }
  }

  void drain() {
    answers_.drain();
    close(*acceptor_, admin_acceptor_ ? entrance::clients : entrance::only);
    if (admin_acceptor_)
      close(*admin_acceptor_, entrance::operators);
    for (auto& home : workers_)
      asio::post(home->context, [target = home.get()] { target->drain(); });
  }

  /// Who connected before the signal has been promised an answer.
  void close(tcp::acceptor& acceptor, entrance by) {
    for (error_code problem; !problem;) {
      auto& home = next_worker();
      tcp::socket socket{home.context};
      acceptor.accept(socket, problem);
      if (!problem)
        welcome(std::move(socket), home, by);
    }
    error_code ignored;
    acceptor.close(ignored);
  }

  void stop() {
    for (auto& home : workers_)
      home->context.stop();
  }

  worker& next_worker() { return *workers_[next_++ % workers_.size()]; }

  void welcome(tcp::socket socket, worker& home, entrance by) {
    auto& counts = answers_.counts();
    if (counts.connections >= options_.max_connections) {
      ++counts.connections_refused;
      error_code ignored;
      if (tls_)
        return;
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(too_many_), ignored);
      socket.shutdown(tcp::socket::shutdown_send, ignored);
      return;
    }
    asio::co_spawn(
      home.context,
      serve(std::move(socket), home,
            connection_surroundings{answers_, options_.limits, log_, tls_ ? &*tls_ : nullptr, by}),
      asio::detached);
  }

  /// Out of descriptors, most likely: some connections may end meanwhile.
  awaitable<void> wait_for_descriptors() {
    asio::steady_timer pause{workers_.front()->context, std::chrono::milliseconds{10}};
    co_await pause.async_wait(use_awaitable);
  }

  awaitable<void> accept(tcp::acceptor& acceptor, entrance by) {
    while (acceptor.is_open()) {
      auto& home = next_worker();
      error_code problem;
      auto socket = co_await acceptor.async_accept(home.context, redirect_error(use_awaitable, problem));
      if (!problem)
        welcome(std::move(socket), home, by);
      else if (problem != asio::error::operation_aborted)
        co_await wait_for_descriptors();
    }
  }

  listen_options options_;
  service& answers_;
  access_log* log_;
  std::optional<tls_identity> tls_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<tcp::acceptor> admin_acceptor_;
  std::size_t next_ = 0;
  const std::string too_many_ = refusal_of_connections();
};

server::server(listen_options options, service& answers, access_log* log)
  : state_{std::make_unique<state>(std::move(options), answers, log)} {}

server::~server() = default;

std::uint16_t server::port() const {
  return state_->port();
}

std::uint16_t server::admin_port() const {
  return state_->admin_port();
}

void server::run() {
  state_->run();
}

} // namespace guardrails::gateway
