// The files of the page, as the bytes they have (cmake/guardrails-embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace guardrails::gateway {

struct embedded_file {
  std::string_view name;
  std::string_view bytes;
};

extern const std::span<const embedded_file> page_bytes; ///< the folder apps/gateway/page

} // namespace guardrails::gateway
