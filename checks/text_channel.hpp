// Who a text comes from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace guardrails::checks {

/// A user; a tool, a document or whatever else is only quoted; or the model.
enum class text_channel : std::uint8_t { user, data, output };

inline constexpr std::array<std::string_view, 3> text_channel_names{"user", "data", "output"};

constexpr std::string_view name_of(text_channel channel) noexcept {
  return text_channel_names[static_cast<std::size_t>(channel)];
}

constexpr std::optional<text_channel> text_channel_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < text_channel_names.size(); ++i)
    if (text_channel_names[i] == name)
      return static_cast<text_channel>(i);
  return std::nullopt;
}

} // namespace guardrails::checks
