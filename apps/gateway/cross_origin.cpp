// Compares origins byte by byte, as browsers send them.
#include "apps/gateway/cross_origin.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::gateway {

cross_origin::cross_origin(std::vector<std::string> origins)
  : origins_{std::move(origins)}
  , allows_all_{std::ranges::find(origins_, "*") != origins_.end()} {}

bool cross_origin::allows(std::string_view origin) const noexcept {
  return !origin.empty() && (allows_all_ || std::ranges::find(origins_, origin) != origins_.end());
}

std::string cross_origin::headers_for(std::string_view origin) const {
  if (origins_.empty())
    return {};
  // Caches keep answers to different origins apart, those to none included.
  std::string lines{allows_all_ ? "" : "Vary: Origin\r\n"};
  if (allows(origin))
    lines.append("Access-Control-Allow-Origin: ")
      .append(allows_all_ ? "*" : origin)
      .append("\r\nAccess-Control-Expose-Headers: x-request-id, x-guardrails-config-version, traceparent, "
              "Retry-After\r\n");
  return lines;
}

} // namespace guardrails::gateway
