// OpenAI's embedding requests: texts to be judged, and all else as it is.
#pragma once

#include "apps/gateway/api_error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::gateway {

inline constexpr std::size_t most_embedded = 2048;

/// A request of `POST /v1/embeddings`.
struct embedding_call {
  std::vector<std::string> inputs;
  bool is_list = false; ///< whether they came as one
  std::string rest;     ///< the request without them, a JSON object
};

/// Reads the body. Inputs that came as tokens are refused: nobody could judge them.
std::variant<embedding_call, api_error> read_embedding_call(std::string_view body);

/// The body that the upstream gets.
std::string body_of(const embedding_call& call);

} // namespace guardrails::gateway
