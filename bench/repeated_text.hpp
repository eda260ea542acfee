// A text of a given size made of one unit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::bench {

/// `unit` over and over, cut off after `bytes` bytes.
inline std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += unit;
  text.resize(bytes);
  return text;
}

} // namespace guardrails::bench
