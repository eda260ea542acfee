// The way a finished generation leaves the runtime: one virtual call.
#pragma once

#include <guardrails/generation.hpp>

#include <string>

namespace guardrails {

/// Receives one generation. Whatever happens to the runtime, `complete` is called exactly once: on a
/// scheduler thread, or on the thread that shuts the runtime down. It must not block and must not throw.
class completion {
public:
  virtual ~completion() = default;
  virtual void complete(generation result) noexcept = 0;
};

/// The same for an answer that is shown while it comes. Calls follow each other, the last of them is
/// complete().
class stream_completion : public completion {
public:
  /// The configuration under which the generation runs, before any piece.
  virtual void begin(std::string config_version) noexcept { static_cast<void>(config_version); }

  /// More of the answer that may be shown. Together the pieces are the `final_response` of a generation that
  /// is not blocked; of one that is, they are what came before, and the `final_response` says why it ended.
  virtual void release(std::string piece) noexcept = 0;
};

} // namespace guardrails
