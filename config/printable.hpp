// Text made safe for an error sentence.
#pragma once

#include <guardrails/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::config {

/// `text` on one line, without control characters or malformed bytes, cut to at most `limit` bytes.
std::string printable(std::string_view text, std::size_t limit);

} // namespace guardrails::config
