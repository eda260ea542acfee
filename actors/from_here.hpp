// Tells messages of this process from those of peers, to whom every actor is open that they heard of once.
#pragma once

#include <guardrails/caf_network.hpp>

#include <type_traits>
#include <utility>

namespace guardrails::actors {

namespace compat {

template <class Self, class Handler, class Result, class Message>
auto guard(Self* self, Handler handle, Result (Handler::*)(Message) const) {
  return [self, handle = std::move(handle)](Message message) -> Result {
    if (is_from_here(self))
      return handle(message);
    if constexpr (!std::is_void_v<Result>)
      return caf::make_error(caf::sec::unexpected_message);
  };
}

} // namespace compat

/// `handle`, to which messages of peers do not come.
template <class Self, class Handler>
auto from_here(Self* self, Handler handle) {
  return compat::guard(self, std::move(handle), &Handler::operator());
}

/// Prints nothing of what an actor does not understand: it may be somebody's text.
template <class Self>
void drop_unexpected(Self* self) {
  CAF_PUSH_DEPRECATED_WARNING
  self->set_default_handler(caf::drop);
  CAF_POP_WARNINGS
}

} // namespace guardrails::actors
