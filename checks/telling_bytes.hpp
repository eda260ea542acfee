// Skims a text for the bytes that tell of numbers and addresses.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace guardrails::checks {

/// 1 for a digit, `@`, `:` and `.`, else 0. Without branches, so that the compiler can look at many bytes at
/// once.
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
  using flags = std::array<unsigned char, block>;

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

  static bits read(const char* bytes) noexcept {
    flags telling;
    flags high;
    for (std::size_t i = 0; i < block; ++i) {
      telling[i] = is_telling(static_cast<unsigned char>(bytes[i]));
      high[i] = static_cast<unsigned char>(static_cast<unsigned char>(bytes[i]) >> 7);
    }
    return {packed(telling), packed(high)};
  }

  // A bit for each flag, the first one the lowest: of eight bytes that are 0 or 1, the product's highest byte
  // has them side by side.
  static std::uint32_t packed(const flags& of) noexcept {
    constexpr std::uint64_t side_by_side = 0x0102'0408'1020'4080;
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < block; i += 8) {
      std::uint64_t word = 0;
      if constexpr (std::endian::native == std::endian::little)
        std::memcpy(&word, &of[i], sizeof word);
      else
        for (std::size_t k = 0; k < 8; ++k)
          word |= std::uint64_t{of[i + k]} << (8 * k);
      all |= static_cast<std::uint32_t>(word * side_by_side >> 56) << i;
    }
    return all;
  }

  std::uint32_t telling_ = 0;
  std::uint32_t high_ = 0;
  std::uint32_t high_before_ = 0;
  std::size_t begin_ = 0;
  bool loaded_ = false;
};

} // namespace guardrails::checks
