// Lines and columns of places in a text.
#pragma once

#include "checks/utf8.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Counts lines and columns as it is asked for ever later places, so that a text is read once. What is asked
/// for after a later place is said to stand there.
class line_counter {
public:
  explicit line_counter(std::string_view text)
    : text_{text} {}

  /// `line 2, column 5`: both from 1, columns in characters.
  std::string describe(std::size_t offset) {
    for (; at_ < offset; ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        column_ = 1;
      } else if (!is_continuation(text_[at_]))
        ++column_;
    }
    return "line " + std::to_string(line_) + ", column " + std::to_string(column_);
  }

private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

} // namespace guardrails::checks
