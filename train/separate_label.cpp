// Reads one label.
#include "train/separate_label.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace guardrails::train {

namespace {

namespace json = boost::json;

std::string required_string(const json::object& row, const char* name) {
  const auto* text = string_in(row, name);
  if (text == nullptr || text->empty())
    throw row_error{std::string{"the label has no `"}.append(name).append("`")};
  return {text->data(), text->size()};
}

bool y_in(const json::object& row) {
  const auto* y = row.if_contains("y");
  if (y == nullptr || !y->is_int64() || (y->get_int64() != 0 && y->get_int64() != 1))
    throw row_error{"`y` is neither 0 nor 1"};
  return y->get_int64() == 1;
}

std::optional<labelled_part> part_in(const json::object& row) {
  const auto* part = row.if_contains("part");
  if (part == nullptr)
    return std::nullopt;
  const auto* places = part->if_array();
  if (places == nullptr || places->size() != 2 || !places->front().is_int64() || !places->back().is_int64() ||
      places->front().get_int64() < 0 || places->back().get_int64() <= places->front().get_int64())
    throw row_error{"`part` is no pair of places, the first before the second"};
  return labelled_part{static_cast<std::size_t>(places->front().get_int64()),
                       static_cast<std::size_t>(places->back().get_int64())};
}

} // namespace

named_label read_separate_label(std::string_view line) {
  const auto row = parse_row(line);
  named_label read{required_string(row, "id"), required_string(row, "head"), {y_in(row), {}, part_in(row)}};
  if (const auto* label = string_in(row, "label"))
    read.says.label.assign(label->data(), label->size());
  if (read.says.part && !read.says.positive)
    throw row_error{"`part` is for rows with `y` 1"};
  return read;
}

} // namespace guardrails::train
