// Submits generations and takes their ends from the scheduler's threads to the line's own.
#include "apps/load/rails_target.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace guardrails::load {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace std::chrono_literals;

struct ended_generation {
  generation result;
  clock::time_point at;
  content_times content;
};

/// Resumes a line with its generation. What is released counts as used at once: a reader who keeps up.
template <class Handler>
class arrival final : public stream_completion {
public:
  arrival(Handler handler, llm_rails& rails, std::uint64_t ticket)
    : work_{asio::make_work_guard(asio::get_associated_executor(handler))}
    , handler_{std::move(handler)}
    , rails_{rails}
    , ticket_{ticket} {}

  void release(std::string piece) noexcept override {
    content_.note(clock::now());
    rails_.use_stream(ticket_, piece.size());
  }

  void complete(generation result) noexcept override {
    ended_generation end{std::move(result), clock::now(), std::move(content_)};
    const auto executor = work_.get_executor();
    asio::post(executor, [handler = std::move(handler_), value = std::move(end)]() mutable {
      std::move(handler)(std::move(value));
    });
    work_.reset();
  }

private:
  asio::executor_work_guard<asio::associated_executor_t<Handler>> work_;
  Handler handler_;
  llm_rails& rails_;
  std::uint64_t ticket_;
  content_times content_;
};

/// A generation that a check ended did what it is for; one that ended for another reason failed.
void read(const generation& from, const std::optional<failure>& cut, exchange_result& into) {
  if (!from.blocked)
    return;
  switch (*from.block_reason) {
  case block_reason::input:
  case block_reason::output:
  case block_reason::no_user_input:
  case block_reason::token_budget_input:
  case block_reason::token_budget_output:
  case block_reason::rate_limited:
    into.blocked = to_string(*from.block_reason);
    return;
  case block_reason::timeout:
    into.failed = failure::timeout;
    return;
  case block_reason::cancelled:
    into.failed = cut;
    break;
  case block_reason::llm_error:
  case block_reason::overloaded:
  case block_reason::check_error:
    break;
  }
  into.error = from.error ? from.error->kind : std::string{to_string(*from.block_reason)};
}

class rails_line final : public line {
public:
  rails_line(llm_rails& rails, std::span<const generation_request> requests, bool stream)
    : rails_{rails}
    , requests_{requests}
    , stream_{stream} {}

  awaitable<exchange_result> exchange(std::size_t prompt, clock::time_point deadline) override {
    cut_.reset();
    ticket_ = rails_.reserve_ticket();
    auto request = requests_[prompt];
    exchange_result result;
    result.sent = clock::now();
    request.deadline = std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - *result.sent), 1ms);
    auto start = [this](auto handler, generation_request what) {
      submit(std::move(handler), std::move(what));
    };
    auto end = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(ended_generation)>(
      std::move(start), use_awaitable, std::move(request));
    result.ended = end.at;
    result.content = std::move(end.content);
    result.stages = end.result.timings;
    read(end.result, cut_, result);
    co_return result;
  }

  void cut(failure why) noexcept override {
    cut_ = why;
    rails_.cancel(ticket_);
  }

private:
  template <class Handler>
  void submit(Handler handler, generation_request what) {
    auto done = std::make_unique<arrival<Handler>>(std::move(handler), rails_, ticket_);
    if (stream_)
      rails_.submit_stream(ticket_, std::move(what), std::move(done));
    else
      rails_.submit(ticket_, std::move(what), std::move(done));
  }

  llm_rails& rails_;
  std::span<const generation_request> requests_;
  bool stream_;
  std::uint64_t ticket_ = 0;
  std::optional<failure> cut_;
};

std::vector<generation_request> requests_of(std::span<const prompt> prompts) {
  std::vector<generation_request> requests;
  for (const auto& each : prompts)
    requests.push_back({each.messages, {}, {}});
  return requests;
}

} // namespace

rails_target::rails_target(std::string shown, const rails_config& config, std::span<const prompt> prompts,
                           bool stream)
  : shown_{std::move(shown)}
  , stream_{stream}
  , waits_{!config.cluster.local}
  , requests_{requests_of(prompts)}
  , rails_{config} {}

bool rails_target::is_ready(std::chrono::milliseconds patience) {
  if (!waits_)
    return true;
  const auto until = clock::now() + patience;
  for (;;) {
    const auto nodes = rails_.nodes();
    const auto open = std::ranges::count(nodes, node_state::open, &node_status::state);
    if (open > 0 && (open == std::ssize(nodes) || clock::now() >= until))
      return true;
    if (clock::now() >= until)
      return false;
    std::this_thread::sleep_for(10ms);
  }
}

std::unique_ptr<line> rails_target::make_line(asio::io_context&) {
  return std::make_unique<rails_line>(rails_, requests_, stream_);
}

} // namespace guardrails::load
