// Texts that say yes or no to a question, as the training and scoring of heads read them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::train {

struct labelled_text {
  std::string text;
  bool positive = false;
  std::string label;  ///< the class, as `jailbreak`; may be empty
  std::string source; ///< where the row comes from; may be empty
  std::string head;   ///< the head it belongs to; empty: whichever is trained
};

/// The rows of a file that say yes or no: objects with `text` and `y` (1, 0; others are left out), and where
/// they have them `label`, `source` and `head`. Throws row_error naming file and row, never quoting it.
std::vector<labelled_text> read_labelled(const std::filesystem::path& file);

/// Documents with a place for something else: the `text` of each row that has `{payload}` in it.
std::vector<std::string> read_carriers(const std::filesystem::path& file);

inline constexpr std::string_view payload_place = "{payload}";

} // namespace guardrails::train
