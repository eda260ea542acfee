// Texts whose class is known: the rows that the heads of the models are trained and scored with.
#pragma once

#include "checks/text_channel.hpp"
#include "train/json_row.hpp"
#include "train/separate_labels.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::train {

struct labelled_text {
  std::string text;
  bool positive = false; ///< `y`: whether it is what its head looks for
  std::string label;     ///< the class within the head: jailbreak, offensive …
  std::string source;    ///< the set it is of
  std::string lang;
  std::string head; ///< the head it was written for; empty: any
  std::string style;
  std::optional<checks::text_channel> channel;
  bool separately_labelled = false;
  std::optional<labelled_part> part; ///< what the label is about, where it is not all of the text
};

/// A text and what some model said of it.
struct scored_text {
  labelled_text row;
  double score = 0;
};

/// Where the `y` of a row comes from.
enum class row_label : std::uint8_t {
  given,   ///< the row itself, which must have one
  negative ///< false, whatever the row says
};

/// Reads one line of JSON: the strings `text`, `label`, `source`, `lang`, `head`, `style` and `channel`
/// (`user`, `data`, `output`), all but `text` optional, and `y` (0 or 1, or a truth value). Other members are
/// ignored. Throws row_error.
labelled_text read_labelled(std::string_view json, row_label label = row_label::given);

/// The same of a row that may leave the question open: absent where its `y` is another number, as -1. What
/// `labels` has for the row's `id` takes the place of what the row says.
std::optional<labelled_text> read_answered(std::string_view json, const separate_labels& labels = {});

/// Reads one line of `guardrails check --jsonl`: the same members, `text` optional too, and the number
/// `report.scores.HEAD`. Throws row_error.
scored_text read_scored(std::string_view json, std::string_view head, row_label label = row_label::given);

} // namespace guardrails::train
