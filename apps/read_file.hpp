// Files named on the command line.
#pragma once

#include <fstream>
#include <string>

namespace guardrails::apps {

/// Throws std::runtime_error naming `path` where it is no readable file.
std::ifstream open_file(const std::string& path);

/// All of it. Throws as open_file() does.
std::string read_file(const std::string& path);

} // namespace guardrails::apps
