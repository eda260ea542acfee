// What a client is told when there is no answer, in OpenAI's shape.
#pragma once

#include <guardrails/generation.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace guardrails::gateway {

/// One error. Nothing in it quotes a prompt or a key.
struct api_error {
  unsigned status = 400;
  std::string type = "invalid_request_error";
  std::string message;
  std::string param{};           ///< the member of the request that is wrong; empty: null
  std::string code{};            ///< stable; empty: null
  std::uint32_t retry_after = 0; ///< seconds; 0: retrying is no use, or nobody knows when
};

/// `{"error":{"message","type","param","code"}}`
std::string body_of(const api_error& problem);

api_error bad_request(std::string message, std::string param = {}, std::string code = {});
api_error overloaded(std::string message);

/// What a generation's end means in HTTP where it is no matter of content: the model failed, nobody had time,
/// the request was no conversation. Nothing for answers and for texts that a check blocked.
std::optional<api_error> failure_of(const generation& result);

/// A text that a check blocked, as an error instead of a refusal in the model's place.
api_error blocked_error(const generation& result);

} // namespace guardrails::gateway
