// What the generator needs of whatever it is aimed at: a further target is one more implementation.
#pragma once

#include "apps/load/exchange.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace guardrails::load {

/// Takes one request at a time; all of a line happens in its context.
class line {
public:
  virtual ~line() = default;

  /// Sends a request with prompt number `prompt` and waits for its end.
  virtual boost::asio::awaitable<exchange_result> exchange(std::size_t prompt,
                                                           clock::time_point deadline) = 0;

  /// Ends the exchange under way, which then failed for the reason `why`.
  virtual void cut(failure why) noexcept = 0;
};

/// Used by all threads of a run at once.
class target {
public:
  virtual ~target() = default;

  /// For reports.
  virtual std::string shown() const = 0;

  /// Waits until requests can be sent, where that can be told before. False: they cannot.
  virtual bool is_ready(std::chrono::milliseconds patience) = 0;

  /// A line in `context`; the target must outlive it.
  virtual std::unique_ptr<line> make_line(boost::asio::io_context& context) = 0;
};

} // namespace guardrails::load
