// Booleans, numbers, durations, choices and texts, strictly.
#include "config/values.hpp"

#include "config/environment.hpp"
#include "config/printable.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace guardrails::config {

namespace {

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string expected(std::string what, const std::string& range) {
  return range.empty() ? what : what + ", " + range;
}

void check_range(const place& at, double value, const limits& allowed, const std::string& words) {
  if (value < allowed.min || value > allowed.max)
    at.fail_range(words);
}

struct duration_unit {
  std::string_view suffix;
  double milliseconds;
};

// `ms` stands before `s`, which it ends with.
constexpr auto duration_units =
  std::to_array<duration_unit>({{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"", 1000}});

std::optional<double> to_milliseconds(std::string_view text) {
  for (const auto& unit : duration_units) {
    if (!text.ends_with(unit.suffix))
      continue;
    const auto number = to_number(text.substr(0, text.size() - unit.suffix.size()));
    return number ? std::optional{*number * unit.milliseconds} : std::nullopt;
  }
  return std::nullopt;
}

/// The largest unit that needs no fraction.
std::string short_duration(std::int64_t milliseconds) {
  if (milliseconds % 1000 != 0)
    return std::to_string(milliseconds) + "ms";
  const auto seconds = milliseconds / 1000;
  if (seconds == 0 || seconds % 60 != 0)
    return std::to_string(seconds) + 's';
  return seconds % 3600 == 0 ? std::to_string(seconds / 3600) + 'h' : std::to_string(seconds / 60) + 'm';
}

std::string bound_words(double bound, bool duration) {
  return duration ? short_duration(static_cast<std::int64_t>(bound)) : format_number(bound);
}

bool is_plain(const std::string& text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr auto words =
    std::to_array<std::string_view>({"true", "false", "null", "yes", "no", "on", "off", "y", "n"});
  if (text.empty() || letters.find(text[0]) == std::string_view::npos)
    return false;
  if (text.find_first_not_of(std::string{letters} + "0123456789_./-") != std::string::npos)
    return false;
  auto lower = text;
  for (auto& c : lower)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(words, lower) == words.end();
}

std::string hexadecimal(unsigned value, std::size_t digits) {
  std::string result(digits, '0');
  for (auto place = digits; place-- > 0; value /= 16)
    result[place] = "0123456789abcdef"[value % 16];
  return result;
}

std::string escaped(std::string_view sequence) {
  if (sequence == "\"" || sequence == "\\")
    return '\\' + std::string{sequence};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1 && (byte(0) < ' ' || byte(0) == 0x7f))
    return "\\x" + hexadecimal(byte(0), 2);
  if (sequence.size() == 2 && byte(0) == 0xC2 && byte(1) < 0xA0) // C1 controls
    return "\\x" + hexadecimal(byte(1), 2);
  if (sequence == "\u2028" || sequence == "\u2029" || sequence == "\uFEFF")
    return "\\u" + hexadecimal((byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu), 4);
  return std::string{sequence};
}

} // namespace

bool parse_bool(const place& at) {
  const auto* const words = "true or false";
  const auto [text, quoted, _] = at.read_scalar(words);
  const auto is_true = text == "true" || text == "True" || text == "TRUE";
  const auto is_false = text == "false" || text == "False" || text == "FALSE";
  if (!quoted && (is_true || is_false))
    return is_true;
  constexpr auto yes =
    std::to_array<std::string_view>({"yes", "Yes", "YES", "on", "On", "ON", "y", "Y", "1"});
  constexpr auto no = std::to_array<std::string_view>({"no", "No", "NO", "off", "Off", "OFF", "n", "N", "0"});
  if (is_true || std::ranges::find(yes, text) != yes.end())
    at.fail_type(words, "true");
  if (is_false || std::ranges::find(no, text) != no.end())
    at.fail_type(words, "false");
  constexpr auto booleans = std::to_array<std::string_view>({"true", "false"});
  at.fail_type(words, std::string{nearest(text, booleans)});
}

double parse_number(const place& at, const limits& allowed) {
  const auto words = expected("a number", range_words(allowed, false));
  const auto [text, quoted, _] = at.read_scalar(words);
  const auto value = to_number(text);
  if (quoted || !value)
    at.fail_type(words, quoted && value ? format_number(*value) : std::string{});
  check_range(at, *value, allowed, words);
  return *value;
}

std::uint64_t parse_integer(const place& at, const limits& allowed) {
  const auto words = expected("an integer", range_words(allowed, false));
  const auto [text, quoted, _] = at.read_scalar(words);
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (quoted || error != std::errc{} || stop != end) {
    const auto number = to_number(text);
    if (quoted || !number)
      at.fail_type(words, quoted && number ? format_number(*number) : std::string{});
    // A fraction is of the wrong type; a negative or a huge integer is merely out of range.
    if (*number == std::floor(*number) && text.find_first_of(".eE") == std::string::npos)
      at.fail_range(words);
    at.fail_type(words);
  }
  check_range(at, static_cast<double>(value), allowed, words);
  return value;
}

std::chrono::milliseconds parse_duration(const place& at, const limits& allowed) {
  const auto words = expected("a duration such as 50ms, 5s or 2m", range_words(allowed, true));
  const auto text = at.read_scalar(words).text;
  const auto value = to_milliseconds(text);
  if (!value)
    at.fail_type(words);
  check_range(at, *value, allowed, words);
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::llround(*value))};
}

std::string parse_text(const place& at, const limits& allowed) {
  const auto words = allowed.rule != nullptr ? std::string{allowed.rule->description} : std::string{"a text"};
  auto text = at.read_scalar(words).text;
  if (find_invalid_utf8(text) != std::string_view::npos || text.find('\0') != std::string::npos)
    at.fail("is not valid UTF-8 without NUL characters; expected " + words);
  if (text.empty()) {
    if (!allowed.may_be_empty)
      at.fail("is empty; expected " + words);
    return text;
  }
  if (allowed.rule != nullptr)
    if (auto problem = allowed.rule->problem(text))
      at.fail(*problem + "; expected " + words);
  return text;
}

std::string parse_choice(const place& at, const limits& allowed) {
  const auto words = either(allowed.choices);
  auto text = at.read_scalar(words).text;
  if (std::ranges::find(allowed.choices, text) != allowed.choices.end())
    return text;
  at.fail_type(words, std::string{nearest(text, allowed.choices)});
}

limits limits_of(const limits& allowed, std::string_view member) {
  const auto found = std::ranges::find(allowed.members, member, &std::pair<std::string_view, limits>::first);
  return found == allowed.members.end() ? limits{} : found->second;
}

place place_of(const place& in, const member& found) {
  return {in.in, found.value, in.path + '.' + printable(found.key, 80)};
}

void refuse_member(const place& in, const member& found, const std::vector<std::string_view>& known) {
  const auto path = in.path + '.' + printable(found.key, 80);
  const auto near = nearest(found.key, known);
  throw config_error{{in.in.source, found.at.line, found.at.column},
                     path,
                     "unknown key; expected " + either(known),
                     near.empty() ? std::string{} : in.path + '.' + std::string{near}};
}

std::string format_number(double value) {
  std::array<char, 32> buffer{};
  // A double of ordinary size is written without an exponent.
  const auto plain = value == 0 || (std::abs(value) >= 1e-5 && std::abs(value) < 1e15);
  const auto [end, error] =
    plain ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed)
          : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc{} ? std::string{buffer.data(), end} : std::to_string(value);
}

std::string format_duration(std::chrono::milliseconds value) {
  return short_duration(value.count());
}

std::string format_text(const std::string& value) {
  if (is_plain(value))
    return value;
  const auto with_escaped_references = escape_references(value);
  std::string_view rest = with_escaped_references;
  std::string result = "\"";
  while (!rest.empty()) {
    const auto length = std::max<std::size_t>(utf8_sequence_length(rest), 1);
    result += escaped(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return result + '"';
}

std::string either(const std::vector<std::string_view>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

std::string range_words(const limits& allowed, bool duration) {
  const auto below = std::isfinite(allowed.min);
  const auto above = std::isfinite(allowed.max);
  if (below && above)
    return bound_words(allowed.min, duration) + " to " + bound_words(allowed.max, duration);
  if (below)
    return "at least " + bound_words(allowed.min, duration);
  return above ? "at most " + bound_words(allowed.max, duration) : std::string{};
}

} // namespace guardrails::config
