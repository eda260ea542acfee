// Accepts connections, one io_context per thread.
#include "apps/mock_llm/mock_llm_server.hpp"

#include "apps/mock_llm/mock_llm_connection.hpp"
#include "apps/mock_llm/mock_llm_counters.hpp"

#include <boost/asio.hpp>

#include <algorithm>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace guardrails::mock_llm {

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

} // namespace

class server::state {
public:
  explicit state(options how)
    : how_{std::move(how)} {
    for (std::uint32_t i = 0; i < std::max(how_.threads, 1u); ++i)
      contexts_.push_back(std::make_unique<asio::io_context>(1));
    try {
      tcp::resolver resolver{*contexts_.front()};
      const auto found = resolver.resolve(how_.host, std::to_string(how_.port), tcp::resolver::passive);
      acceptor_.emplace(*contexts_.front(), found.begin()->endpoint());
    } catch (const boost::system::system_error& problem) {
      throw std::runtime_error{"cannot listen on " + how_.host + ":" + std::to_string(how_.port) + ": " +
                               problem.code().message()};
    }
  }

  std::uint16_t port() const { return acceptor_->local_endpoint().port(); }

  void run() {
    asio::signal_set signals{*contexts_.front(), SIGTERM, SIGINT};
    signals.async_wait([this](error_code problem, int) {
      if (!problem)
        stop();
    });
    asio::co_spawn(*contexts_.front(), accept(), asio::detached);
    std::vector<std::jthread> threads;
    for (auto it = contexts_.begin() + 1; it != contexts_.end(); ++it)
      threads.emplace_back([context = it->get()] {
        const auto work = asio::make_work_guard(*context);
        context->run();
      });
    contexts_.front()->run();
  }

private:
  void stop() {
    for (auto& context : contexts_)
      context->stop();
  }

  awaitable<void> accept() {
    for (std::size_t next = 0;; ++next) {
      auto& context = *contexts_[next % contexts_.size()];
      error_code problem;
      auto socket = co_await acceptor_->async_accept(context, redirect_error(use_awaitable, problem));
      if (!problem)
        asio::co_spawn(context, serve(std::move(socket), how_, count_), asio::detached);
      else // Out of descriptors, most likely: let some connections end.
        co_await asio::steady_timer{*contexts_.front(), std::chrono::milliseconds{10}}.async_wait(
          use_awaitable);
    }
  }

  options how_;
  counters count_;
  std::vector<std::unique_ptr<asio::io_context>> contexts_; // before what lives in them, after what they use
  std::optional<tcp::acceptor> acceptor_;
};

server::server(options how)
  : state_{std::make_unique<state>(std::move(how))} {}

server::~server() = default;

std::uint16_t server::port() const {
  return state_->port();
}

void server::run() {
  state_->run();
}

} // namespace guardrails::mock_llm
