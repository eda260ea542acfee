// A JSON text: its value, where it is not JSON, and where in it a value stands.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::json {

/// How deep arrays and objects may be nested.
inline constexpr std::size_t max_depth = 64;

/// What is wrong at byte `offset`, without quoting the text.
struct syntax_error {
  std::size_t offset = 0;
  std::string problem;
};

/// The value of a text, or why it has none. Of members with the same name the last one counts.
std::variant<boost::json::value, syntax_error> parse(std::string_view text);

/// From a value to one of its members or elements.
using path_step = std::variant<std::string, std::size_t>;
using path = std::vector<path_step>;

/// As JSON Pointer (RFC 6901); empty for the value itself.
std::string to_pointer(std::span<const path_step> steps);

struct byte_range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The bytes of the value that `steps` lead to. `text` must be JSON that parse() takes, and hold the value.
byte_range find_value(std::string_view text, std::span<const path_step> steps);

} // namespace guardrails::json
