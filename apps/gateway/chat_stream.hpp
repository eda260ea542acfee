// A chat completion that is streamed while it is made.
#pragma once

#include "apps/gateway/body_source.hpp"
#include "apps/gateway/chat_answer.hpp"
#include "apps/gateway/metrics.hpp"
#include "apps/gateway/released_text.hpp"

#include <memory>
#include <optional>
#include <string>

namespace guardrails::gateway {

struct chat_stream_options {
  bool counts_usage = false;
  bool with_report = false;
};

/// Ends with the chunks that an answer ends with; where the model failed or a check blocked the rest, with an
/// error event and no end mark, so that nobody takes what was shown for the whole.
class chat_stream final : public body_source {
public:
  chat_stream(std::shared_ptr<released_text> text, answer_identity who, chat_stream_options how,
              metrics& counts);
  ~chat_stream() override;

  /// The first events, with what was released first.
  std::string begin(std::string_view piece) const;

  boost::asio::awaitable<std::optional<std::string>> next() override;
  std::optional<block_reason> blocked() const override;

private:
  std::string end() const;

  std::shared_ptr<released_text> text_;
  completion_stream events_;
  chat_stream_options how_;
  metrics& counts_;
  bool over_ = false;
};

} // namespace guardrails::gateway
