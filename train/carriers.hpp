// Documents that attacks are put into, for heads that look for them among other text.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::train {

inline constexpr std::string_view payload_place = "{payload}";

/// The `text` of every row of the files, each with a place for something else in it. Throws row_error naming
/// file and row, std::runtime_error where a file cannot be read.
std::vector<std::string> read_carriers(std::span<const std::filesystem::path> files);

} // namespace guardrails::train
