// Writes a text in other letter cases, byte for byte in the same places.
#pragma once

#include "train/random.hpp"

#include <string>
#include <string_view>

namespace guardrails::train {

/// How a text is written again.
enum class rewriting : std::uint8_t { none, small, capitals, titled, some_titled };

/// Letters whose other case takes another number of bytes stay as they are.
std::string rewrite(std::string_view text, rewriting how, random_source& random);

} // namespace guardrails::train
