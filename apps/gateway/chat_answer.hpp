// Generations as OpenAI's chat completions: one object, or a stream of chunks.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::gateway {

/// How a completion is written: as the answer to a chat, or to the prompt of `/v1/completions`.
enum class answer_form : std::uint8_t { chat, text };

/// What the pieces of one answer have in common.
struct answer_identity {
  std::string id; ///< `chatcmpl-…`
  std::string model;
  std::int64_t created = 0; ///< seconds since 1970
  answer_form form = answer_form::chat;
};

/// What the checks said, without anything of the texts themselves: no message, no n-grams, no context words.
boost::json::object report_of(const generation& result);

/// A `chat.completion`, or a `text_completion`. A blocked generation is its message with `finish_reason`
/// `content_filter`.
std::string completion_body(const answer_identity& who, const generation& result, bool with_report);

/// A stream, piece by piece: each call appends whole server-sent events. Any source of text that may be shown
/// can drive it; the first choice comes first, whatever is beside its text when the generation has ended.
class completion_stream {
public:
  completion_stream(answer_identity who, bool counts_usage)
    : who_{std::move(who)}
    , counts_usage_{counts_usage} {}

  void begin(std::string& out) const;
  void text(std::string& out, std::string_view piece) const;

  /// What follows the first choice's text: its calls of tools, its `finish_reason`, and the further choices.
  /// `report` (null: none) becomes the last chunk's member `guardrails`.
  void finish(std::string& out, const generation& result, const boost::json::object* report) const;

  /// The chunk that counts tokens, where one was asked for, and the end mark.
  void end(std::string& out, const token_usage& usage) const;

private:
  boost::json::object chunk(boost::json::object choice) const;
  boost::json::object delta(std::size_t index, boost::json::object said) const;
  boost::json::object last(std::size_t index, std::string_view reason) const;
  void begin(std::string& out, std::size_t index) const;
  void text(std::string& out, std::size_t index, std::string_view piece) const;
  void calls(std::string& out, std::size_t index, const std::vector<tool_call>& calls) const;

  answer_identity who_;
  bool counts_usage_;
};

/// A whole generation as a stream.
std::string stream_body(const answer_identity& who, const generation& result, bool counts_usage,
                        bool with_report);

} // namespace guardrails::gateway
