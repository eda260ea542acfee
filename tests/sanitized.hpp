// Whether a test runs under a sanitizer, which makes it some ten times slower.
#pragma once

namespace guardrails::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

} // namespace guardrails::test
