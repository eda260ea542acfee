// OpenAI's stream of chat completion chunks.
#pragma once

#include "llm/answer_stream.hpp"

namespace guardrails::llm {

class openai_stream : public answer_stream {
public:
  using answer_stream::answer_stream;

private:
  void take_event(std::string_view data, std::string& text) override;
  void take_value(const boost::json::value& chunk, std::string& text) override;
  void take_choice(const boost::json::value& choice, std::string& text);
};

} // namespace guardrails::llm
