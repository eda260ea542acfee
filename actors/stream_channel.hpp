// The meeting point of a stream's pieces and their reader.
#pragma once

#include <guardrails/text_stream.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace guardrails {

class text_stream::channel {
public:
  /// Tells the runtime how many bytes were read, and that nobody wants more.
  struct upstream {
    std::function<void(std::uint64_t bytes)> used;
    std::function<void()> cancel;
  };

  explicit channel(upstream up)
    : up_{std::move(up)} {}

  void add(std::string piece) {
    const std::lock_guard guard{mutex_};
    text_ += piece;
    arrived_.notify_all();
  }

  void end(generation result) {
    const std::lock_guard guard{mutex_};
    result_ = std::move(result);
    ended_ = true;
    arrived_.notify_all();
  }

  std::optional<std::string> next() {
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [this] { return !text_.empty() || ended_; });
    if (text_.empty())
      return std::nullopt;
    auto piece = std::exchange(text_, {});
    lock.unlock();
    up_.used(piece.size());
    return piece;
  }

  generation result() {
    while (next()) {
    }
    const std::lock_guard guard{mutex_};
    return std::move(result_);
  }

  void cancel() const {
    if (!ended())
      up_.cancel();
  }

private:
  bool ended() const {
    const std::lock_guard guard{mutex_};
    return ended_;
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  upstream up_;
  std::string text_; // released and not read
  generation result_;
  bool ended_ = false;
};

} // namespace guardrails
