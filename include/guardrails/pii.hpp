// The vocabulary of the check of personal data: names that a configuration may use.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace guardrails {

/// The entities that are recognised without configuration, such as `EMAIL_ADDRESS`, in alphabetical order.
std::span<const std::string_view> known_entities();

/// The names that custom_entity::validator may have, in alphabetical order.
std::vector<std::string_view> known_validators();

/// Whether a text is a format of pii_config::mask_format.
bool is_mask_format(std::string_view text);

/// Whether masks of that format can be taken back, which pii_config::reversible asks for.
bool is_reversible_format(std::string_view text);

} // namespace guardrails
