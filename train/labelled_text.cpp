// Members of a JSON object, each with what is wrong with it.
#include "train/labelled_text.hpp"

#include <boost/json/value.hpp>

#include <cmath>

namespace guardrails::train {

namespace {

namespace json = boost::json;

std::string in_marks(std::string_view name) {
  return std::string{"`"}.append(name).append("`");
}

/// Null where there is none; JSON's null is none.
const json::value* member(const json::object& row, std::string_view name) {
  const auto* found = row.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_null() ? nullptr : found;
}

std::string optional_string(const json::object& row, std::string_view name) {
  if (member(row, name) == nullptr)
    return {};
  const auto* text = string_in(row, name);
  if (text == nullptr)
    throw row_error{in_marks(name) + " is no string"};
  return {text->data(), text->size()};
}

std::string text_in(const json::object& row) {
  if (member(row, "text") == nullptr)
    throw row_error{"the row has no `text`"};
  return optional_string(row, "text");
}

[[noreturn]] void refuse_y() {
  throw row_error{"`y` is neither 0 nor 1"};
}

/// Absent where it is another number.
std::optional<bool> answer_in(const json::object& row) {
  const auto* y = member(row, "y");
  if (y == nullptr)
    throw row_error{"the row has no `y`"};
  if (y->is_bool())
    return y->get_bool();
  if (!y->is_number())
    refuse_y();
  if (y->is_int64() && (y->get_int64() == 0 || y->get_int64() == 1))
    return y->get_int64() == 1;
  return std::nullopt;
}

bool y_in(const json::object& row) {
  const auto answer = answer_in(row);
  if (!answer)
    refuse_y();
  return *answer;
}

bool is_positive(const json::object& row, row_label label) {
  return label == row_label::given && y_in(row);
}

std::optional<checks::text_channel> channel_in(const json::object& row) {
  const auto name = optional_string(row, "channel");
  if (name.empty())
    return std::nullopt;
  const auto channel = checks::text_channel_named(name);
  if (!channel)
    throw row_error{"`channel` is neither user, data nor output"};
  return channel;
}

const json::value* member_of(const json::value* holder, std::string_view name) {
  const auto* object = holder == nullptr ? nullptr : holder->if_object();
  return object == nullptr ? nullptr : member(*object, name);
}

double score_in(const json::object& row, std::string_view head) {
  const auto* score = member_of(member_of(member(row, "report"), "scores"), head);
  if (score == nullptr || !score->is_number() || !std::isfinite(score->to_number<double>()))
    throw row_error{"the row has no number " + in_marks("report.scores." + std::string{head})};
  return score->to_number<double>();
}

labelled_text labelled(const json::object& row, std::string text, bool positive) {
  labelled_text read;
  read.text = std::move(text);
  read.positive = positive;
  read.label = optional_string(row, "label");
  read.source = optional_string(row, "source");
  read.lang = optional_string(row, "lang");
  read.head = optional_string(row, "head");
  read.style = optional_string(row, "style");
  read.channel = channel_in(row);
  return read;
}

} // namespace

labelled_text read_labelled(std::string_view line, row_label label) {
  const auto row = parse_row(line);
  return labelled(row, text_in(row), is_positive(row, label));
}

std::optional<labelled_text> read_answered(std::string_view line, const separate_labels& labels) {
  const auto row = parse_row(line);
  auto text = text_in(row);
  if (!labels.empty())
    if (const auto given = labels.find(optional_string(row, "id")); given != labels.end()) {
      auto read = labelled(row, std::move(text), given->second.positive);
      read.label = given->second.label;
      read.part = given->second.part;
      read.separately_labelled = true;
      return read;
    }
  const auto answer = answer_in(row);
  return answer ? std::optional{labelled(row, std::move(text), *answer)} : std::nullopt;
}

scored_text read_scored(std::string_view line, std::string_view head, row_label label) {
  const auto row = parse_row(line);
  const auto score = score_in(row, head);
  return {labelled(row, optional_string(row, "text"), is_positive(row, label)), score};
}

} // namespace guardrails::train
