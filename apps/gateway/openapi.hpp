// The description of the endpoints that the gateway serves, as the bytes of its file
// (cmake/guardrails-embed.cmake).
#pragma once

#include <string_view>

namespace guardrails::gateway {

extern const std::string_view openapi; ///< apps/gateway/openapi.json

} // namespace guardrails::gateway
