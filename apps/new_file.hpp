// Writes a file that was not there, with the mode it is to have.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

namespace guardrails::apps {

/// Whole or not at all, and never readable by more than `mode` allows. With `replace` it takes the place of
/// one that is there. Throws std::system_error naming the file, also where it is there and is not to be
/// replaced.
void write_new_file(const std::string& path, std::string_view bytes, mode_t mode, bool replace);

} // namespace guardrails::apps
