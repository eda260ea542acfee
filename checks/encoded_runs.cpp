// One pass over the text: each byte belongs to a run of escapes, to a stretch of Base64's characters (which
// hex digits are too), or is copied.
#include "checks/encoded_runs.hpp"

#include "checks/secrets/ascii.hpp"
#include "checks/secrets/base64.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guardrails::checks {

namespace {

using secrets::is_ascii_hex;

constexpr std::size_t longest_padding = 2;

// So much of the text on either side of a run is read with it.
constexpr std::size_t nearby_bytes = 1'024;

bool is_printable(std::string_view character) noexcept {
  return character == "\t" || character == "\n" || character == "\r" || !is_control(character);
}

/// Bytes of the printable character at the start of `bytes`; 0 where there is none.
std::size_t printable_length(std::string_view bytes) noexcept {
  const auto length = utf8_sequence_length(bytes);
  return length > 0 && is_printable(bytes.substr(0, length)) ? length : 0;
}

bool all_printable(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto length = printable_length(bytes);
    if (length == 0)
      return false;
    bytes.remove_prefix(length);
  }
  return true;
}

unsigned hex_value(char c) noexcept {
  return static_cast<unsigned>(is_digit(c) ? c - '0' : secrets::ascii_lower(c) - 'a' + 10);
}

char hex_byte(char high, char low) noexcept {
  return static_cast<char>(hex_value(high) << 4 | hex_value(low));
}

std::optional<std::string> decode_hex(std::string_view digits) {
  if (digits.starts_with("0x") || digits.starts_with("0X"))
    digits.remove_prefix(2);
  if (digits.size() < least_hex_digits || digits.size() % 2 != 0 ||
      !std::ranges::all_of(digits, is_ascii_hex))
    return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes.push_back(hex_byte(digits[i], digits[i + 1]));
  return bytes;
}

/// What a stretch stands for as a whole.
std::optional<std::string> decode_stretch(std::string_view stretch) {
  if (auto bytes = decode_hex(stretch); bytes && all_printable(*bytes))
    return bytes;
  if (stretch.size() < least_base64_characters)
    return std::nullopt;
  auto bytes = secrets::decode_base64(stretch);
  return bytes && all_printable(*bytes) ? bytes : std::nullopt;
}

bool is_base64_character(char c) noexcept {
  return secrets::is_base64url(c) || c == '+' || c == '/';
}

/// Length of the escape at the start of `text`; 0 where there is none.
std::size_t escape_length(std::string_view text) noexcept {
  const std::size_t sign = text.starts_with('%') ? 1 : text.starts_with("\\x") ? 2 : 0;
  const bool complete =
    sign > 0 && text.size() >= sign + 2 && is_ascii_hex(text[sign]) && is_ascii_hex(text[sign + 1]);
  return complete ? sign + 2 : 0;
}

/// The text as it is rewritten, front to back.
class rewriting {
public:
  explicit rewriting(std::string_view text)
    : text_{text} {}

  void replace(std::size_t begin, std::size_t end, std::string_view bytes) {
    const auto left_out = far_from_runs(begin, copied_ == 0 ? 0 : nearby_bytes, nearby_bytes);
    copy_until(left_out.begin);
    put("\n", left_out.end);
    copy_until(begin);
    put(bytes, end);
  }

  normalised_text finish() && {
    if (copied_ == 0)
      return normalised_text{text_};
    copy_until(far_from_runs(text_.size(), nearby_bytes, 0).begin);
    put("", text_.size());
    return {std::move(rewritten_), std::move(map_)};
  }

private:
  /// What of the text up to `end` no run is near to, cut where there is white space, so that no number or
  /// name is cut; empty where that is missing.
  match_range far_from_runs(std::size_t end, std::size_t behind, std::size_t before) const {
    constexpr std::string_view white_space = " \t\n\r";
    const auto gap = text_.substr(copied_, end - copied_);
    if (gap.size() <= behind + before)
      return {end, end};
    const auto from = behind == 0 ? 0 : gap.substr(0, behind).find_last_of(white_space);
    const auto until = before == 0 ? gap.size() : gap.find_first_of(white_space, gap.size() - before);
    if (from == std::string_view::npos || until == std::string_view::npos)
      return {end, end};
    return {copied_ + from, copied_ + until};
  }

  /// `bytes` in place of the text up to `end`.
  void put(std::string_view bytes, std::size_t end) {
    if (end == copied_)
      return;
    rewritten_.append(bytes);
    map_.replace(end - copied_, bytes.size());
    copied_ = end;
  }

  void copy_until(std::size_t end) {
    if (end == copied_)
      return;
    rewritten_.append(text_.substr(copied_, end - copied_));
    map_.copy(end - copied_);
    copied_ = end;
  }

  std::string_view text_;
  std::string rewritten_;
  offset_map map_;
  std::size_t copied_ = 0;
};

/// Rewrites the escapes that begin at `pos`; where they end.
std::size_t decode_escapes(std::string_view text, std::size_t pos, rewriting& out) {
  std::string bytes;
  std::vector<std::size_t> places{pos}; // of each byte, and of the end
  while (const auto length = escape_length(text.substr(places.back()))) {
    const auto last = places.back() + length;
    bytes.push_back(hex_byte(text[last - 2], text[last - 1]));
    places.push_back(last);
  }
  for (std::size_t begin = 0; begin < bytes.size();) {
    auto end = begin;
    while (const auto length = printable_length(std::string_view{bytes}.substr(end)))
      end += length;
    if (end > begin)
      out.replace(places[begin], places[end], std::string_view{bytes}.substr(begin, end - begin));
    begin = end + 1;
  }
  return places.back();
}

/// Rewrites what makes sense of [begin, end) when it is cut at `separators`; whether anything did. Padding
/// may follow at `end`.
bool decode_parts(std::string_view text, std::size_t begin, std::size_t end, std::string_view separators,
                  rewriting& out) {
  bool found = false;
  while (begin < end) {
    const auto stop = std::min(text.find_first_of(separators, begin), end);
    auto after = stop;
    if (const auto bytes = decode_stretch(text.substr(begin, stop - begin))) {
      while (after < text.size() && after - stop < longest_padding && text[after] == '=')
        ++after;
      out.replace(begin, after, *bytes);
      found = true;
    }
    begin = std::max(after, stop + 1);
  }
  return found;
}

/// Rewrites what makes sense of the stretch of Base64's characters that begins at `pos`; where it ends.
std::size_t decode_base64_at(std::string_view text, std::size_t pos, rewriting& out) {
  constexpr std::array<std::string_view, 4> separators{"", "-_", "+/", "-_+/"};
  auto end = pos;
  while (end < text.size() && is_base64_character(text[end]))
    ++end;
  if (end - pos < least_base64_characters)
    return end;
  // Cut at the bytes of the stretch alone: a search beyond it would make long texts dear.
  const auto stretch = text.substr(0, std::min(end + longest_padding, text.size()));
  for (const auto cut : separators)
    if (decode_parts(stretch, pos, end, cut, out))
      break;
  return end;
}

} // namespace

normalised_text decode_runs(std::string_view text) {
  rewriting out{text};
  for (std::size_t pos = 0; pos < text.size();) {
    if (escape_length(text.substr(pos)) > 0)
      pos = decode_escapes(text, pos, out);
    else if (is_base64_character(text[pos]))
      pos = decode_base64_at(text, pos, out);
    else
      ++pos;
  }
  return std::move(out).finish();
}

} // namespace guardrails::checks
