// Texts made to take long, and ordinary ones to compare them with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace guardrails::test {

/// A kind of text of any length. Equal seeds give equal texts.
struct text_family {
  std::string name;
  /// At most `bytes` bytes of valid UTF-8, and at least all but the last character.
  std::function<std::string(std::size_t bytes, std::uint32_t seed)> make;
};

/// Units repeated over and over, nested openings, and texts put together at random of what checks look for.
std::vector<text_family> hostile_families();

/// More of their kind: other constants, the same growth.
std::vector<text_family> hostile_variations();

/// English sentences with a name, a number or a date here and there.
text_family prose_family();

} // namespace guardrails::test
