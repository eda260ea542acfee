// Reads what an upstream sent, without exceptions and with bounded depth.
#pragma once

#include <boost/json.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace guardrails::llm {

inline std::string_view view(const boost::json::string& text) {
  return {text.data(), text.size()};
}

/// Null when `value` is no object or has no such member.
inline const boost::json::value* member(const boost::json::value* value, std::string_view key) {
  const auto* object = value ? value->if_object() : nullptr;
  return object ? object->if_contains({key.data(), key.size()}) : nullptr;
}

/// Empty when `value` is no string.
inline std::string_view string_of(const boost::json::value* value) {
  return value && value->is_string() ? view(value->get_string()) : std::string_view{};
}

/// Parses mostly out of memory of its own.
class bounded_parser {
public:
  /// Null: no JSON, or nested too deeply. The value lives as long as the parser.
  const boost::json::value* parse(std::string_view text) {
    boost::json::error_code problem;
    boost::json::parse_options options;
    options.max_depth = deepest_answer;
    boost::json::parser parser{boost::json::storage_ptr{}, options, buffer_.data(), buffer_.size()};
    parser.reset(&memory_);
    parser.write(text.data(), text.size(), problem);
    if (problem)
      return nullptr;
    return &value_.emplace(parser.release());
  }

private:
  static constexpr std::size_t deepest_answer = 32;

  std::array<unsigned char, 2048> buffer_;
  std::array<unsigned char, 4096> scratch_;
  boost::json::monotonic_resource memory_{scratch_.data(), scratch_.size()};
  std::optional<boost::json::value> value_; // of `memory_`
};

} // namespace guardrails::llm
