// The one construct of RE2's syntax that cuts characters apart.
#pragma once

#include <string_view>

namespace guardrails::checks {

/// Whether `\C`, which matches a byte, stands in an expression outside `\Q...\E`. What it matches need not be
/// UTF-8, so no pattern of a user may have it.
inline bool has_byte_class(std::string_view expression) noexcept {
  for (auto at = expression.find('\\'); at != std::string_view::npos && at + 1 < expression.size();) {
    const auto escaped = expression[at + 1];
    if (escaped == 'C')
      return true;
    auto next = at + 2;
    if (escaped == 'Q') {
      next = expression.find("\\E", next);
      if (next == std::string_view::npos)
        return false;
      next += 2;
    }
    at = expression.find('\\', next);
  }
  return false;
}

} // namespace guardrails::checks
