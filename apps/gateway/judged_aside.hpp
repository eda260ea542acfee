// Work of some length on the judging threads, awaited where it was asked for.
#pragma once

#include "actors/judging_threads.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace guardrails::gateway {

/// Resumes a coroutine on its own executor, with nothing when the work was dropped.
template <class Result, class Handler>
class aside_outcome {
public:
  explicit aside_outcome(Handler handler)
    : work_{boost::asio::make_work_guard(boost::asio::get_associated_executor(handler))}
    , handler_{std::move(handler)} {}
  ~aside_outcome() {
    if (handler_)
      resume(nullptr, std::nullopt);
  }
  aside_outcome(const aside_outcome&) = delete;
  aside_outcome& operator=(const aside_outcome&) = delete;

  /// Once. Ends the program where there is no memory to post: what waits could not be told.
  void resume(std::exception_ptr problem, std::optional<Result> result) noexcept {
    auto taken = std::move(*handler_);
    handler_.reset();
    boost::asio::post(work_.get_executor(), [handler = std::move(taken), problem = std::move(problem),
                                             value = std::move(result)]() mutable {
      std::move(handler)(std::move(problem), std::move(value));
    });
  }

private:
  boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work_;
  std::optional<Handler> handler_;
};

/// What `judge` returns; nothing when too much waits already, or `unwanted` holds: `judge` is told, and what
/// it returns then counts for nothing. `bytes` is the size of what is judged. Throws what `judge` throws.
template <class Judge>
boost::asio::awaitable<std::optional<std::invoke_result_t<Judge&, const checks::stop_function&>>>
judged_aside(actors::judging_threads& threads, std::size_t bytes, std::function<bool()> unwanted,
             Judge judge) {
  using result = std::invoke_result_t<Judge&, const checks::stop_function&>;
  auto start = [&threads](auto handler, std::size_t size, std::function<bool()> is_unwanted, Judge work) {
    using outcome = aside_outcome<result, decltype(handler)>;
    auto run = [back = std::make_shared<outcome>(std::move(handler)),
                work = std::make_shared<Judge>(std::move(work))](const checks::stop_function& stop) {
      if (stop())
        return; // dropped, as is what never gets its turn
      try {
        std::optional<result> value{(*work)(stop)};
        if (stop())
          value.reset(); // perhaps not whole
        back->resume(nullptr, std::move(value));
      } catch (...) {
        back->resume(std::current_exception(), std::nullopt);
      }
    };
    // Who cannot be taken is resumed by the end of what would have run.
    static_cast<void>(threads.run({size, std::move(is_unwanted), std::move(run)}));
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                 void(std::exception_ptr, std::optional<result>)>(
    std::move(start), boost::asio::use_awaitable, bytes, std::move(unwanted), std::move(judge));
}

} // namespace guardrails::gateway
