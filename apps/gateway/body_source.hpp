// A body that is not whole when its answer begins.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace guardrails::gateway {

/// What follows the first bytes of an answer. Lives on its connection's thread; destroying it ends what makes
/// the body.
class body_source {
public:
  virtual ~body_source() = default;

  /// Waits for more; null: that was all. What was handed out before has been written by then.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;

  /// Why the answer ended before it was whole, once it has.
  virtual std::optional<block_reason> blocked() const = 0;

  /// The generation behind it, once it has ended; null before.
  virtual const generation* account() const = 0;
};

} // namespace guardrails::gateway
