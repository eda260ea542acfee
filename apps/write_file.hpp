// Writes a whole file.
#pragma once

#include <string>
#include <string_view>

namespace guardrails::apps {

/// Throws std::runtime_error naming a file that cannot be written.
void write_file(const std::string& path, std::string_view bytes);

} // namespace guardrails::apps
