// Turns released text into chunks, and the generation's end into the last of them.
#include "apps/gateway/chat_stream.hpp"

#include "apps/gateway/api_error.hpp"

#include <boost/json.hpp>

#include <utility>

namespace guardrails::gateway {

namespace {

std::string error_event(const api_error& problem, const boost::json::object* report) {
  auto body = body_of(problem);
  if (report) {
    body.pop_back(); // what closes the object
    body.append(",\"guardrails\":").append(boost::json::serialize(*report)).append("}");
  }
  return std::string{"data: "}.append(body).append("\n\n");
}

} // namespace

chat_stream::chat_stream(std::shared_ptr<released_text> text, answer_identity who, chat_stream_options how,
                         metrics& counts)
  : text_{std::move(text)}
  , events_{std::move(who), how.counts_usage}
  , how_{how}
  , counts_{counts} {}

chat_stream::~chat_stream() {
  text_->leave();
}

std::string chat_stream::begin(std::string_view piece) const {
  std::string out;
  events_.begin(out);
  events_.text(out, piece);
  return out;
}

boost::asio::awaitable<std::optional<std::string>> chat_stream::next() {
  if (over_)
    co_return std::nullopt;
  const auto piece = co_await text_->next();
  std::string out;
  if (!piece.empty()) {
    events_.text(out, piece);
    co_return out;
  }
  over_ = true;
  counts_.finished(text_->result());
  co_return end();
}

std::string chat_stream::end() const {
  const auto& result = text_->result();
  const auto told = how_.with_report ? report_of(result) : boost::json::object{};
  const auto* report = how_.with_report ? &told : nullptr;
  if (result.blocked)
    return error_event(failure_of(result).value_or(blocked_error(result)), report);
  std::string out;
  events_.finish(out, result, report);
  events_.end(out, result.usage);
  return out;
}

std::optional<block_reason> chat_stream::blocked() const {
  return over_ && text_->result().blocked ? text_->result().block_reason : std::nullopt;
}

} // namespace guardrails::gateway
