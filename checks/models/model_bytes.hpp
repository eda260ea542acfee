// Numbers in the bytes of a model file, little-endian on every machine, and the checksum over them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>

namespace guardrails::checks::models {

/// Bytes that are no model of the kind expected, or one for another build.
class model_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

inline std::uint64_t number_at(std::span<const std::uint8_t> bytes, std::size_t at,
                               std::size_t count) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::uint64_t{bytes[at + i]} << 8 * i;
  return value;
}

inline std::uint32_t number32_at(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
  return static_cast<std::uint32_t>(number_at(bytes, at, 4));
}

inline float float_at(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
  return std::bit_cast<float>(number32_at(bytes, at));
}

inline void put(std::span<std::uint8_t> out, std::size_t at, std::uint64_t value,
                std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    out[at + i] = static_cast<std::uint8_t>(value >> 8 * i);
}

inline void put_float(std::span<std::uint8_t> out, std::size_t at, float value) noexcept {
  put(out, at, std::bit_cast<std::uint32_t>(value), 4);
}

/// Eight bytes at a time: megabytes in less than a millisecond. Their number is a multiple of eight. Against
/// damage, not against forgery.
inline std::uint64_t checksum(std::span<const std::uint8_t> bytes) noexcept {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t part = 0;
    std::memcpy(&part, bytes.data() + at, 8);
    if constexpr (std::endian::native == std::endian::big)
      part = number_at(bytes, at, 8);
    h = (h ^ part) * 0x9E3779B97F4A7C15U;
    h ^= h >> 32;
  }
  return h;
}

/// What a model is called by its checksum: 12 hexadecimal digits.
inline std::string version_of(std::uint64_t sum) {
  std::string digits(12, '0');
  for (auto& digit : digits) {
    digit = "0123456789abcdef"[sum >> 60];
    sum <<= 4;
  }
  return digits;
}

} // namespace guardrails::checks::models
