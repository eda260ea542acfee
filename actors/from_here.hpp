// Tells messages of this process from those of peers, to whom every actor is open that they heard of once.
#pragma once

#include <guardrails/caf.hpp>

#include <type_traits>
#include <utility>

namespace guardrails::actors {

/// Whether the message that an actor handles was sent in this process. A peer may name any sender, also none,
/// or an actor of ours that it knows.
template <class Self>
bool is_from_here(Self* self) {
  auto& system = self->system();
  if (!system.has_middleman())
    return true;
  const auto& sender = self->current_sender();
#if GUARDRAILS_CAF_BEFORE(0, 18)
  // What is sent here lies in its mailbox element itself; what was on a wire, and responses, lie behind it.
  if (dynamic_cast<const caf::type_erased_tuple*>(self->current_mailbox_element()) != nullptr)
    return true;
  return sender && sender->node() == system.node() && !system.registry().get(sender->id());
#else
  return !sender || sender->node() == system.node();
#endif
}

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
