// Asio completion tokens for llm_rails: use_awaitable, use_future, callbacks, with per-operation
// cancellation. The result is delivered through the handler's associated executor.
#pragma once

#include <guardrails/llm_rails.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>

#include <memory>
#include <utility>

namespace guardrails {

namespace detail {

/// Hands a generation to an Asio handler; `Project` picks what the handler wants of it.
template <class Handler, class Project>
class asio_completion final : public completion {
public:
  explicit asio_completion(Handler handler)
    : work_{boost::asio::make_work_guard(handler, boost::asio::system_executor{})}
    , handler_{std::move(handler)} {}

  void complete(generation result) noexcept override {
    auto executor = work_.get_executor();
    auto deliver = [handler = std::move(handler_), result = Project{}(std::move(result))]() mutable {
      std::move(handler)(std::move(result));
    };
    boost::asio::post(executor, std::move(deliver));
    work_.reset();
  }

private:
  using executor_type = boost::asio::associated_executor_t<Handler, boost::asio::system_executor>;

  boost::asio::executor_work_guard<executor_type> work_;
  Handler handler_;
};

struct whole_generation {
  generation operator()(generation result) const noexcept { return result; }
};

struct final_response_only {
  std::string operator()(generation result) const noexcept { return std::move(result.final_response); }
};

template <class Result, class Project, class CompletionToken>
auto asio_generate(llm_rails& rails, std::vector<chat_message> messages, CompletionToken&& token) {
  auto initiate = [](auto handler, llm_rails* target, std::vector<chat_message> conversation) {
    using handler_type = decltype(handler);
    const auto ticket = target->reserve_ticket();
    // Before the start: afterwards the handler may already run elsewhere, and use its slot for something
    // else.
    if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
      slot.assign([cancel = target->cancel_action(ticket)](boost::asio::cancellation_type) { cancel(); });
    auto done = std::make_unique<asio_completion<handler_type, Project>>(std::move(handler));
    target->submit(ticket, {std::move(conversation), {}, {}}, std::move(done));
  };
  return boost::asio::async_initiate<CompletionToken, void(Result)>(std::move(initiate), token, &rails,
                                                                    std::move(messages));
}

} // namespace detail

template <completion_token CompletionToken>
auto llm_rails::generate_async(std::vector<chat_message> messages, CompletionToken&& token) {
  return detail::asio_generate<std::string, detail::final_response_only>(
    *this, std::move(messages), std::forward<CompletionToken>(token));
}

template <class CompletionToken>
auto llm_rails::generate_async(std::vector<chat_message> messages, return_details_t,
                               CompletionToken&& token) {
  return detail::asio_generate<generation, detail::whole_generation>(*this, std::move(messages),
                                                                     std::forward<CompletionToken>(token));
}

} // namespace guardrails
