// Brings answers from the I/O thread to the coroutines that wait for them.
#include "apps/gateway/upstream.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <vector>

namespace guardrails::gateway {

namespace asio = boost::asio;

namespace {

/// A coroutine that waits, and the work that keeps its thread alive.
template <class Handler>
struct waiting {
  explicit waiting(Handler resume)
    : work{asio::make_work_guard(asio::get_associated_executor(resume))}
    , handler{std::move(resume)} {}

  asio::executor_work_guard<asio::associated_executor_t<Handler>> work;
  Handler handler;
};

net::http_response cancelled(std::uint64_t ticket) {
  net::http_response response;
  response.ticket = ticket;
  response.result = net::transfer_result::cancelled;
  return response;
}

} // namespace

upstream::upstream()
  : client_{std::make_unique<net::http_client>(most_open)} {
  client_->reset([this](std::vector<net::http_response> batch) {
    for (auto& response : batch)
      receive(std::move(response));
  });
}

upstream::~upstream() {
  stop();
}

std::uint64_t upstream::reserve_ticket() {
  const std::lock_guard guard{mutex_};
  if (!client_ || open_.size() >= most_open)
    return 0;
  open_.emplace(++last_ticket_, receiver{});
  return last_ticket_;
}

asio::awaitable<net::http_response> upstream::ask(std::uint64_t ticket, net::http_request request) {
  request.ticket = ticket;
  auto start = [this, ticket](auto handler, net::http_request what) {
    auto state = std::make_shared<waiting<decltype(handler)>>(std::move(handler));
    receiver to = [state](net::http_response response) {
      const auto executor = state->work.get_executor();
      asio::post(executor, [state, value = std::move(response)]() mutable {
        state->work.reset();
        std::move(state->handler)(std::move(value));
      });
    };
    const std::lock_guard guard{mutex_};
    if (!client_)
      return to(cancelled(ticket));
    open_[ticket] = std::move(to);
    client_->submit(std::move(what));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(net::http_response)>(
    std::move(start), asio::use_awaitable, std::move(request));
}

void upstream::receive(net::http_response response) {
  receiver to;
  {
    const std::lock_guard guard{mutex_};
    const auto found = open_.extract(response.ticket);
    if (!found.empty())
      to = std::move(found.mapped());
  }
  if (to)
    to(std::move(response));
}

void upstream::cancel(std::uint64_t ticket) {
  const std::lock_guard guard{mutex_};
  if (client_)
    client_->cancel(ticket);
}

void upstream::stop() {
  std::unique_ptr<net::http_client> ending;
  {
    const std::lock_guard guard{mutex_};
    ending = std::move(client_);
  }
  ending.reset(); // without the lock: its thread may wait for it
  std::unordered_map<std::uint64_t, receiver> left;
  {
    const std::lock_guard guard{mutex_};
    left.swap(open_);
  }
  for (auto& [ticket, to] : left)
    if (to)
      to(cancelled(ticket));
}

} // namespace guardrails::gateway
