// Decodes Base64 in either alphabet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guardrails::checks::secrets {

/// What `text` (RFC 4648, 4 or 5, with or without padding) stands for; nothing when it holds another
/// character or its length is impossible.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace guardrails::checks::secrets
