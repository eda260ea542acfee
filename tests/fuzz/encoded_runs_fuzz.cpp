// Any bytes: what is decoded is no longer, stays UTF-8, and every byte of it comes from somewhere; what was
// encoded is found again.
#include "checks/encoded_runs.hpp"

#include <guardrails/utf8.hpp>

#include <cstdint>
#include <cstdlib>

namespace {

using namespace guardrails;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void check_decoding(std::string_view text) {
  const auto decoded = checks::decode_runs(text);
  expect(decoded.text().size() <= text.size());
  expect(decoded.changed() || decoded.text() == text);
  if (find_invalid_utf8(text) == std::string_view::npos)
    expect(find_invalid_utf8(decoded.text()) == std::string_view::npos);
  std::size_t last = 0;
  for (std::size_t i = 0; i < decoded.text().size(); ++i) {
    const auto where = decoded.to_original({i, i + 1});
    expect(where.begin >= last && where.begin < where.end && where.end <= text.size());
    last = where.begin;
  }
}

bool is_printable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_sequence_length(text.substr(at));
    if (length == 0 || is_control(text.substr(at, length)))
      return false;
    at += length;
  }
  return true;
}

void check_hex(std::string_view text) {
  if (text.size() * 2 < checks::least_hex_digits || !is_printable(text))
    return;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string encoded;
  for (const auto c : text) {
    encoded.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    encoded.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  expect(checks::decode_runs(encoded).text() == text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check_decoding(text);
  check_hex(text);
  return 0;
}
