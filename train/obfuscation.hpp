// Writes a text as somebody would who does not want it to be recognised.
#pragma once

#include "train/random.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::train {

enum class obfuscation : std::uint8_t {
  leet,         ///< 1gn0r3 all
  spaced,       ///< i g n o r e  a l l
  dotted,       ///< i.g.n.o.r.e a.l.l
  misspelt,     ///< ingore al
  underscored,  ///< ignore_all
  run_together, ///< IgnoreAll
  accented,     ///< ìgnöre âll
};

inline constexpr unsigned obfuscations = 7;

/// Bytes that are not ASCII stay as they are.
std::string obfuscate(std::string_view text, obfuscation how, random_source& random);

} // namespace guardrails::train
