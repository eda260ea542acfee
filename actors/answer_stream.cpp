// Takes pieces in, and hands out what its policy lets go.
#include "actors/answer_stream.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace guardrails::actors {

namespace {

// Nobody judges its text.
bool passes(const draft_opened& opened) {
  return opened.policy && (!opened.policy->output || opened.policy->output->empty());
}

} // namespace

answer_stream::answer_stream(draft_opened opened, const caf::strong_actor_ptr& client)
  : opened_{std::move(opened)}
  , front_{caf::actor_cast<front_actor>(opened_.front)}
  , client_{caf::actor_cast<llm_client_actor>(client)}
  , passes_{passes(opened_)}
  , unmasking_{opened_.masked} {
  if (!passes_ && opened_.policy && opened_.policy->stream)
    scanner_.emplace(*opened_.policy->stream, opened_.masked);
}

void answer_stream::add(draft_piece piece) {
  owed_ += piece.wire_bytes;
  if (passes_ || scanner_)
    waiting_.append(piece.text);
}

bool answer_stream::take() {
  const auto text = std::exchange(waiting_, {});
  if (scanner_)
    return scanner_->take(text);
  ready_ += unmasking_.feed(text);
  return false;
}

void answer_stream::look(const checks::stop_function& stop) {
  ready_ += scanner_->look(stop);
}

std::string answer_stream::show() {
  unused_ += ready_.size();
  return std::exchange(ready_, {});
}

std::uint64_t answer_stream::grant() noexcept {
  return unused_ < opened_.stream_window ? std::exchange(owed_, 0) : 0;
}

void answer_stream::use(std::uint64_t bytes) noexcept {
  unused_ -= std::min(bytes, unused_);
}

checks::judgement answer_stream::finish(std::string_view text, const checks::stop_function& stop) {
  if (broken_ || !text.starts_with(scanner_->text()))
    throw std::runtime_error{"an answer that came in pieces could not be followed"};
  scanner_->take(text.substr(scanner_->text().size()));
  return scanner_->finish(&steady_nanoseconds, stop);
}

std::string answer_stream::conclude(checks::judgement& verdict) {
  scanner_->conclude(verdict);
  return verdict.report.passed ? scanner_->shown() : std::string{};
}

} // namespace guardrails::actors
