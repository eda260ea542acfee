// Fuzzes the Retry-After parser: any bytes give "none" or a wait between zero and a year.
#include "net/retry_after.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto wait =
    guardrails::net::parse_retry_after({reinterpret_cast<const char*>(data), size}, 1'700'000'000);
  if (wait > std::chrono::hours{24 * 365} || (wait.count() < 0 && wait.count() != -1))
    std::abort();
  return 0;
}
