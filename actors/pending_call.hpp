// A caller that waits for its generation, wherever the request is: it is answered exactly once, whoever dies.
#pragma once

#include "actors/admission.hpp"

#include <guardrails/completion.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace guardrails::actors {

/// Travels to the front and is kept there. When the last holder drops it unanswered (an actor or its mailbox
/// died), it answers itself as cancelled.
class pending_call {
public:
  pending_call(std::uint64_t number, generation_request asked, std::unique_ptr<completion> done,
               admission_place place, std::shared_ptr<admission> house)
    : ticket{number}
    , request{std::move(asked)}
    , done_{std::move(done)}
    , place_{std::move(place)}
    , house_{std::move(house)} {}

  /// The same for an answer that is released as it comes, `window` bytes ahead of its use.
  pending_call(std::uint64_t number, generation_request asked, std::unique_ptr<stream_completion> done,
               std::uint64_t window, admission_place place, std::shared_ptr<admission> house)
    : pending_call{number, std::move(asked), nullptr, std::move(place), std::move(house)} {
    stream_ = done.get();
    stream_window = window;
    done_ = std::move(done);
  }

  ~pending_call() {
    if (done_)
      answer(unserved(std::move(request), house_->policy(), block_reason::cancelled,
                      {"shutdown", "the runtime ended before the generation did", 0}));
  }
  pending_call(const pending_call&) = delete;
  pending_call& operator=(const pending_call&) = delete;

  /// Only the first answer counts. The place is free before the caller hears of it, so that a caller that
  /// goes on at once is let in.
  void answer(generation result) noexcept {
    auto done = std::exchange(done_, nullptr);
    if (!done)
      return;
    { auto freed = std::move(place_); }
    if (stream_ && !result.blocked && released_ < result.final_response.size())
      stream_->release(result.final_response.substr(released_));
    done->complete(std::move(result));
  }

  /// Under which configuration the request runs.
  void begin(const std::string& config_version) noexcept {
    if (stream_ && done_)
      stream_->begin(config_version);
  }

  /// More of the answer, before it ends.
  void release(std::string piece) noexcept {
    if (!stream_ || !done_)
      return;
    released_ += piece.size();
    stream_->release(std::move(piece));
  }

  const std::uint64_t ticket;
  generation_request request;
  std::uint64_t stream_window = 0; ///< 0: the answer comes whole
  const std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();

private:
  std::unique_ptr<completion> done_;
  stream_completion* stream_ = nullptr; // done_, where it wants pieces
  std::size_t released_ = 0;            // bytes
  admission_place place_;
  std::shared_ptr<admission> house_;
};

} // namespace guardrails::actors
