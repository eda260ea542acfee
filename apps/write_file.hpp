// Files a command line asks for.
#pragma once

#include <string>
#include <string_view>

namespace guardrails::apps {

/// Throws std::runtime_error naming `path` where it cannot be written.
void write_file(const std::string& path, std::string_view bytes);

} // namespace guardrails::apps
