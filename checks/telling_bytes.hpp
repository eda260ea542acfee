// Skims a text for the bytes that tell of numbers and addresses.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace guardrails::checks {

/// 1 for a digit, `@`, `:` and `.`, else 0.
constexpr unsigned char is_telling(unsigned char byte) noexcept {
  const auto from_zero = static_cast<unsigned char>(byte - '0');
  const bool digit_or_colon = from_zero <= ':' - '0'; // `:` follows `9`
  return static_cast<unsigned char>(digit_or_colon | (byte == '.') | (byte == '@'));
}

/// Goes forward through one text, block by block: each is read once.
class telling_skim {
public:
  /// How far ascii_before() can look back.
  static constexpr std::size_t block = 32;

  /// The first telling byte at or after `pos`, or the end of the text.
  std::size_t next(std::string_view text, std::size_t pos) noexcept {
    if (pos >= text.size())
      return text.size();
    load(text, pos - pos % block);
    if (const auto here = telling_ >> (pos - begin_); here != 0)
      return pos + static_cast<std::size_t>(std::countr_zero(here));
    for (auto begin = begin_ + block; begin < text.size(); begin += block) {
      load(text, begin);
      if (telling_ != 0)
        return begin + static_cast<std::size_t>(std::countr_zero(telling_));
    }
    return text.size();
  }

  /// Whether the `count` bytes before `pos`, which next() has returned last, are ASCII; at most a block of
  /// them.
  bool ascii_before(std::size_t pos, std::size_t count) const noexcept {
    const auto both = std::uint64_t{high_} << block | high_before_;
    const auto last = block + (pos - begin_);
    return (both >> (last - count) & ((std::uint64_t{1} << count) - 1)) == 0;
  }

private:
  void load(std::string_view text, std::size_t begin) noexcept {
    if (loaded_ && begin == begin_)
      return;
    if (begin == 0)
      high_before_ = 0;
    else
      high_before_ = loaded_ && begin == begin_ + block ? high_ : read(text, begin - block).high;
    const auto found = read(text, begin);
    telling_ = found.telling;
    high_ = found.high;
    begin_ = begin;
    loaded_ = true;
  }

  struct bits {
    std::uint32_t telling;
    std::uint32_t high;
  };

  static bits read(std::string_view text, std::size_t begin) noexcept {
    if (text.size() - begin >= block)
      return read(text.data() + begin);
    std::array<char, block> last{};
    text.copy(last.data(), text.size() - begin, begin);
    return read(last.data());
  }

#ifdef __SSE2__
  static bits read(const char* bytes) noexcept {
    static_assert(block == 2 * sizeof(__m128i));
    const auto low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const auto high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + sizeof low));
    return {sign_bits(telling(low)) | sign_bits(telling(high)) << sizeof low,
            sign_bits(low) | sign_bits(high) << sizeof low};
  }

  // A byte with its sign bit set for each that is_telling.
  static __m128i telling(__m128i bytes) noexcept {
    const auto is = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const auto from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const auto digit_or_colon =
      _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(':' - '0')), from_zero); // `:` follows `9`
    return _mm_or_si128(digit_or_colon, _mm_or_si128(is('.'), is('@')));
  }

  static std::uint32_t sign_bits(__m128i bytes) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
#else
  static bits read(const char* bytes) noexcept {
    bits found{};
    for (std::size_t i = 0; i < block; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      found.telling |= std::uint32_t{is_telling(byte)} << i;
      found.high |= std::uint32_t{byte} >> 7 << i;
    }
    return found;
  }
#endif

  std::uint32_t telling_ = 0;
  std::uint32_t high_ = 0;
  std::uint32_t high_before_ = 0;
  std::size_t begin_ = 0;
  bool loaded_ = false;
};

} // namespace guardrails::checks
