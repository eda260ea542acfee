// The pieces of one answer, brought from the runtime to the thread of their connection.
#pragma once

#include <guardrails/llm_rails.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace guardrails::gateway {

/// One generation that is shown while it comes. Everything but start() happens on `home`, which one thread
/// runs.
class released_text : public std::enable_shared_from_this<released_text> {
public:
  static std::shared_ptr<released_text> start(llm_rails& rails, generation_request request,
                                              boost::asio::any_io_executor home);

  /// Cancels the generation when it has not ended.
  void leave() noexcept;

  /// Waits for text and hands it out; empty: the answer is over. Text handed out before counts as used.
  boost::asio::awaitable<std::string> next();

  /// After the end.
  const generation& result() const noexcept { return result_; }

  /// From the first piece on.
  const std::string& config_version() const noexcept { return config_version_; }

  bool ended() const noexcept { return ended_; }

private:
  class relay;

  released_text(boost::asio::any_io_executor home, std::function<void(std::uint64_t)> use,
                std::function<void()> cancel);

  boost::asio::any_io_executor home_;
  boost::asio::steady_timer news_;
  std::function<void(std::uint64_t)> use_;
  std::function<void()> cancel_;
  std::string config_version_;
  std::string text_;             // and not handed out
  std::uint64_t handed_out_ = 0; // and not counted as used
  generation result_;
  bool ended_ = false;
};

} // namespace guardrails::gateway
