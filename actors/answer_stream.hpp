// What may be shown of an answer that is still coming.
#pragma once

#include "actors/policy.hpp"
#include "checks/streaming/stream_scanner.hpp"
#include "checks/unmasking.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::actors {

/// One answer on its way through the output checker. What no check judges is shown as it comes, what a
/// stream policy judges once it is settled, everything else when the draft is whole.
///
/// look() and finish() take their time, and may run on another thread: until they are through, only add(),
/// use() and grant() may be called.
class answer_stream {
public:
  /// `client` is who sends the pieces.
  answer_stream(draft_opened opened, const caf::strong_actor_ptr& client);
  answer_stream(const answer_stream&) = delete;
  answer_stream& operator=(const answer_stream&) = delete;

  /// Keeps the next piece for take().
  void add(draft_piece piece);

  /// Takes what was added; true: it is time to look().
  bool take();

  /// Looks how much of the text may be shown.
  void look(const checks::stop_function& stop);

  /// What may be shown now.
  std::string show();

  /// A look failed: nothing more is shown, and finish() fails too.
  void break_off() noexcept { broken_ = true; }

  /// Whether the rest of the answer need not come.
  bool fails() const noexcept { return broken_ || (scanner_ && scanner_->fails()); }

  /// Wire bytes for which the model may go on: none while the caller has not used what was shown.
  std::uint64_t grant() noexcept;

  /// The caller used so many bytes.
  void use(std::uint64_t bytes) noexcept;

  /// The judgement of the whole answer.
  checks::judgement finish(std::string_view text, const checks::stop_function& stop);

  /// The answer as it is shown; empty where it is blocked. May turn the judgement into a check error.
  std::string conclude(checks::judgement& verdict);

  /// Whether a stream policy judges it, so that its draft is for finish().
  bool is_scanned() const noexcept { return scanner_.has_value(); }

  std::size_t size() const noexcept { return scanner_ ? scanner_->text().size() : 0; }
  const draft_opened& opened() const noexcept { return opened_; }
  const front_actor& front() const noexcept { return front_; }
  const llm_client_actor& client() const noexcept { return client_; }

  // What its actor keeps with it.
  bool is_away = false;       ///< under judgement on another thread
  bool is_refused = false;    ///< its model was told that the rest need not come
  std::optional<draft> end{}; ///< that came meanwhile

private:
  draft_opened opened_;
  front_actor front_;
  llm_client_actor client_;
  bool passes_;
  checks::unmasking unmasking_;
  std::optional<checks::stream_scanner> scanner_;
  std::string waiting_;
  std::string ready_;
  bool broken_ = false;
  std::uint64_t unused_ = 0; // bytes shown
  std::uint64_t owed_ = 0;   // wire bytes
};

} // namespace guardrails::actors
