// The way a finished generation leaves the runtime: one virtual call.
#pragma once

#include <guardrails/generation.hpp>

namespace guardrails {

/// Receives one generation. Whatever happens to the runtime, `complete` is called exactly once: on a
/// scheduler thread, or on the thread that shuts the runtime down. It must not block and must not throw.
class completion {
public:
  virtual ~completion() = default;
  virtual void complete(generation result) noexcept = 0;
};

} // namespace guardrails
