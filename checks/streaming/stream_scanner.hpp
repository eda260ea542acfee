// One answer on its way: gives out what is safe to show.
#pragma once

#include "checks/streaming/stream_policy.hpp"
#include "checks/unmasking.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// What was released of a text, chunk by chunk and at the end, is what would be shown of the whole: masked,
/// and with originals in place of placeholders. Of a text that is blocked it is a beginning of that, without
/// any byte of what masks or blocks, and nothing from the first finding on that blocks. docs/streaming.md
/// says for which checks.
///
/// Keeps the text and what was released of it, up to `most_bytes`. Time is linear in the text.
class stream_scanner {
public:
  /// A longer answer is not judged, and so fails.
  static constexpr std::size_t most_bytes = 4u << 20;

  /// Policy and values must outlive it.
  stream_scanner(const stream_policy& policy, const masked_values& values);

  /// Takes the next piece, cut anywhere, and returns what can be released after it.
  std::string feed(std::string_view piece, const stop_function& stop = {});

  /// The same in two steps, since the second takes time: whether it is due.
  bool take(std::string_view piece);
  std::string look(const stop_function& stop = {});

  /// Whether the answer is blocked whatever follows, so that the rest need not come. The text so far is
  /// blocked too, and with any part of the rest behind it.
  bool fails() const noexcept { return too_long_ || fails_; }

  /// The text is over: judges all of it. With open questions they are to be settled before conclude().
  judgement finish(clock_function now, const stop_function& stop = {}) const;

  /// The rest of what is to be released. Whatever does not agree with what was released before makes the
  /// judgement a check error.
  std::string conclude(judgement& verdict);

  /// The text so far: what the model said.
  const std::string& text() const noexcept { return text_; }

  /// What was released.
  const std::string& shown() const noexcept { return shown_; }

  /// Bytes of the text that were released, masks counting for what they hide.
  std::size_t released() const noexcept { return released_; }

private:
  bool is_due() const noexcept { return text_.size() >= next_look_ && !too_long_ && !broken_; }
  std::string show(std::span<const finding> findings, std::size_t end);
  bool agrees(const judgement& verdict, std::span<const finding> findings, const std::string& shown) const;
  void fail(judgement& verdict, std::string kind, std::string message) const;

  const stream_policy* policy_;
  const masked_values* values_;
  std::string text_;
  std::string shown_;
  unmasking unmasking_;
  std::size_t released_ = 0;
  std::size_t next_look_ = 0;
  std::size_t stop_ = std::string::npos; ///< nothing from here on is released before the end
  bool fails_ = false;
  bool too_long_ = false;
  bool broken_ = false; ///< not UTF-8
};

} // namespace guardrails::checks
