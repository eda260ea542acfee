// Placeholders such as <EMAIL_ADDRESS_1>, as we write them and as a model may write them back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Whether a text begins with a placeholder.
enum class placeholder_match : std::uint8_t {
  none,
  unfinished, ///< so far it does, and the text ends
  whole,
};

/// What reading a placeholder found.
struct placeholder {
  placeholder_match match = placeholder_match::none;
  std::size_t length = 0; ///< bytes of a whole one
  std::string key;        ///< its letters and digits in capitals: EMAILADDRESS1
};

/// The longest placeholder that is recognised, in bytes.
inline constexpr std::size_t longest_placeholder = 128;

/// Reads the placeholder that `text` begins with: a name and a number in angle brackets, whatever the case,
/// with blanks, line breaks, hyphens, underscores, backslashes and invisible characters between and around
/// its words, or none. The brackets may be full-width, or written `&lt;` and `&gt;`.
placeholder read_placeholder(std::string_view text);

/// The first position at or after `from` where a placeholder may begin, or the end of the text.
std::size_t find_placeholder_begin(std::string_view text, std::size_t from) noexcept;

/// Calls `see(begin, placeholder)` for everything in `text` that reads as a placeholder, in order.
template <class See>
void for_each_placeholder(std::string_view text, See see) {
  for (auto pos = find_placeholder_begin(text, 0); pos < text.size();) {
    const auto read = read_placeholder(text.substr(pos));
    const bool whole = read.match == placeholder_match::whole;
    if (whole)
      see(pos, read);
    pos = find_placeholder_begin(text, pos + (whole ? read.length : 1));
  }
}

/// `<ENTITY_NUMBER>`.
std::string write_placeholder(std::string_view entity, std::uint32_t number);

} // namespace guardrails::checks
