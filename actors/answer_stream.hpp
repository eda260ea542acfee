// What may be shown of an answer that is still coming.
#pragma once

#include "actors/policy.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace guardrails::actors {

/// One answer on its way through the output checker. What no check looks at and no mask changes is shown as
/// it comes; everything else is held until the draft is whole.
class answer_stream {
public:
  /// `client` is who sends the pieces.
  answer_stream(draft_opened opened, const caf::strong_actor_ptr& client)
    : opened_{std::move(opened)}
    , front_{caf::actor_cast<front_actor>(opened_.front)}
    , client_{caf::actor_cast<llm_client_actor>(client)}
    , passes_{opened_.policy && !opened_.policy->output && opened_.masked.empty()} {}

  /// Takes the next piece; what may be shown now.
  std::string take(std::string text) {
    if (!passes_)
      return {};
    unused_ += text.size();
    return text;
  }

  /// Wire bytes for which the model may go on: none while the caller has not used what was shown.
  std::uint64_t grant(std::uint64_t wire_bytes) noexcept {
    owed_ += wire_bytes;
    return unused_ < opened_.stream_window ? std::exchange(owed_, 0) : 0;
  }

  /// The caller used so many bytes.
  void use(std::uint64_t bytes) noexcept { unused_ -= std::min(bytes, unused_); }

  const front_actor& front() const noexcept { return front_; }
  const llm_client_actor& client() const noexcept { return client_; }

private:
  draft_opened opened_;
  front_actor front_;
  llm_client_actor client_;
  bool passes_;
  std::uint64_t unused_ = 0; // bytes shown
  std::uint64_t owed_ = 0;   // wire bytes
};

} // namespace guardrails::actors
