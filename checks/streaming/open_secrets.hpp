// Where a secret may have begun whose end, or whose name, has not come yet.
#pragma once

#include <cstddef>
#include <string_view>

namespace guardrails::checks::streaming {

/// The first place from which on what follows `text` may still make a secret, for the forms that no number of
/// bytes bounds: armoured keys, the values of a Kubernetes manifest, and values in quotes. The end of the
/// text where none is open.
std::size_t first_open_secret(std::string_view text);

} // namespace guardrails::checks::streaming
