// Where the addresses of a text end. Addresses stand within others, so that each would walk over the same
// bytes again; here a run of bytes without white space is walked over once.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace guardrails::checks::urls {

/// White space and what else no address holds.
inline constexpr std::string_view ends_address = " \t\r\n\f\v<>\"`";

class address_ends {
public:
  explicit address_ends(std::string_view text) noexcept
    : text_{text} {}

  /// The end of the address that begins at `begin`, which never is less than in the call before within the
  /// same run: what follows as punctuation is not part of it, nor a bracket that it did not open.
  std::size_t of(std::size_t begin);

private:
  struct bracket {
    std::size_t at = 0;
    bool opens = false;
    std::size_t partner = none; // index of the closing one
    std::size_t end_before = 0; // end of an address that begins between the last bracket and this one
  };
  static constexpr std::size_t most_brackets = 10'000; // later ones are parts of an address like others
  static constexpr auto none = static_cast<std::size_t>(-1);

  void read_run(std::size_t begin);
  std::size_t without_punctuation(std::size_t end) const noexcept;

  std::string_view text_;
  std::size_t run_begin_ = 0;
  std::size_t run_end_ = 0; // nothing is known from here on
  std::size_t end_after_brackets_ = 0;
  std::vector<bracket> brackets_;
};

} // namespace guardrails::checks::urls
