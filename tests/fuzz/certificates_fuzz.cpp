// Any bytes as a file of certificates: read or refused, and what is read is printable.
#include "net/certificates.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

namespace {

void expect_printable(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& facts :
         guardrails::net::read_certificates({reinterpret_cast<const char*>(data), size})) {
      expect_printable(facts.subject);
      expect_printable(facts.issuer);
      for (const auto& name : facts.names)
        expect_printable(name);
    }
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
