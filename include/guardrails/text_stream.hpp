// text_stream: an answer that can be shown while it comes.
#pragma once

#include <guardrails/completion.hpp>
#include <guardrails/generation.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace guardrails {

/// The pieces of one answer in their order, each of which may be shown: nothing that an enabled check masks
/// or blocks is in them, but for checks that trail (docs/streaming.md). Who does not read holds the model up:
/// no more than a window of text is kept for them. One thread at a time.
class text_stream {
public:
  /// Where the pieces meet their reader.
  class channel;

  explicit text_stream(std::shared_ptr<channel> from);

  /// Cancels the generation when it has not ended.
  ~text_stream();
  text_stream(text_stream&&) noexcept;
  text_stream& operator=(text_stream&&) noexcept;

  /// Waits for the next piece; null: the answer is over. Must not be called in an actor.
  std::optional<std::string> next();

  /// Waits for the end, past what was not read, and hands out the whole account, once: whether the answer was
  /// blocked, why, and everything else that a generation tells. Together the pieces are its `final_response`
  /// unless it is `blocked`. Must not be called in an actor.
  generation result();

  /// Ends the generation as `cancelled` and closes its upstream request.
  void cancel();

private:
  void leave() noexcept;

  std::shared_ptr<channel> channel_;
};

} // namespace guardrails
