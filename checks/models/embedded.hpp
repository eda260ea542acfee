// The models that are part of the library, as the bytes of their files (cmake/guardrails-embed.cmake).
#pragma once

#include <string_view>

namespace guardrails::checks::models {

extern const std::string_view background; ///< checks/models/background.bin
extern const std::string_view heads;      ///< checks/models/heads.bin
extern const std::string_view pii_tagger; ///< checks/models/pii_tagger.bin

} // namespace guardrails::checks::models
