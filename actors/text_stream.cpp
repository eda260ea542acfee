// text_stream over its channel.
#include "actors/stream_channel.hpp"

namespace guardrails {

text_stream::text_stream(std::shared_ptr<channel> from)
  : channel_{std::move(from)} {}

text_stream::~text_stream() {
  leave();
}

text_stream::text_stream(text_stream&&) noexcept = default;

text_stream& text_stream::operator=(text_stream&& other) noexcept {
  if (this != &other) {
    leave();
    channel_ = std::move(other.channel_);
  }
  return *this;
}

std::optional<std::string> text_stream::next() {
  return channel_->next();
}

generation text_stream::result() {
  return channel_->result();
}

void text_stream::cancel() {
  channel_->cancel();
}

void text_stream::leave() noexcept {
  if (channel_)
    channel_->cancel();
}

} // namespace guardrails
