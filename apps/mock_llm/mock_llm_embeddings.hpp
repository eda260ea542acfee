// The mock upstream's embeddings: small vectors that depend on nothing but the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::mock_llm {

struct embedding_request {
  std::string model;
  std::vector<std::string> texts;
  bool as_base64 = false; ///< encoding_format
};

/// Empty if `body` is not an embedding request: no JSON, or without an `input` of one or more texts.
std::optional<embedding_request> parse_embedding_request(std::string_view body);

/// One vector of eight numbers for each text.
std::string embedding_body(const embedding_request& request);

} // namespace guardrails::mock_llm
