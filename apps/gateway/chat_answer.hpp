// Generations as OpenAI's chat completions: one object, or a stream of chunks.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// What the pieces of one answer have in common.
struct answer_identity {
  std::string id; ///< `chatcmpl-…`
  std::string model;
  std::int64_t created = 0; ///< seconds since 1970
};

/// `stop`, or `content_filter` for a refusal in the answer's place.
std::string_view finish_reason(const generation& result) noexcept;

/// What the checks said, without anything of the texts themselves: no message, no n-grams, no context words.
boost::json::object report_of(const generation& result);

/// A `chat.completion`.
std::string completion_body(const answer_identity& who, const generation& result, bool with_report);

/// A stream, piece by piece: each call appends whole server-sent events. Any source of text that may be shown
/// can drive it; today that is a finished generation.
class completion_stream {
public:
  completion_stream(answer_identity who, bool counts_usage)
    : who_{std::move(who)}
    , counts_usage_{counts_usage} {}

  void begin(std::string& out) const;
  void text(std::string& out, std::string_view piece) const;

  /// `report` (null: none) becomes the chunk's member `guardrails`.
  void finish(std::string& out, std::string_view reason, const boost::json::object* report) const;

  /// The chunk that counts tokens, where one was asked for, and the end mark.
  void end(std::string& out, const token_usage& usage) const;

private:
  boost::json::object chunk(boost::json::object delta, std::string_view reason) const;

  answer_identity who_;
  bool counts_usage_;
};

/// A whole generation as a stream.
std::string stream_body(const answer_identity& who, const generation& result, bool counts_usage,
                        bool with_report);

} // namespace guardrails::gateway
