// Reads rows and says in which line one is wrong.
#include "train/labelled_text.hpp"

#include "train/annotated_text.hpp"
#include "train/read_lines.hpp"

#include <boost/json/parse.hpp>

#include <functional>
#include <optional>

namespace guardrails::train {

namespace {

using row_object = boost::json::object;

std::string text_of(const row_object& row, std::string_view member) {
  const auto* found = row.if_contains(member);
  return found && found->is_string() ? std::string{found->get_string()} : std::string{};
}

row_object parsed(const std::string& line) {
  boost::json::error_code error;
  auto value = boost::json::parse(line, error);
  if (error || !value.is_object())
    throw row_error{"the row is no JSON object"};
  const auto* text = value.get_object().if_contains("text");
  if (!text || !text->is_string())
    throw row_error{"the row has no string `text`"};
  return std::move(value.get_object());
}

/// 1, 0, or nothing for what is to be left out.
std::optional<bool> answer_of(const row_object& row) {
  const auto* y = row.if_contains("y");
  if (!y || !y->is_number())
    throw row_error{"the row has no number `y`"};
  boost::json::error_code inexact;
  const auto value = y->to_number<int>(inexact);
  if (inexact || (value != 0 && value != 1))
    return std::nullopt;
  return value == 1;
}

void for_each_row(const std::filesystem::path& file, const std::function<void(const row_object&)>& take) {
  std::size_t number = 0;
  for (const auto& line : read_lines(file)) {
    ++number;
    try {
      take(parsed(line));
    } catch (const row_error& error) {
      throw row_error{file.string() + ", row " + std::to_string(number) + ": " + error.what()};
    }
  }
}

} // namespace

std::vector<labelled_text> read_labelled(const std::filesystem::path& file) {
  std::vector<labelled_text> rows;
  for_each_row(file, [&](const row_object& row) {
    if (const auto answer = answer_of(row))
      rows.push_back(
        {text_of(row, "text"), *answer, text_of(row, "label"), text_of(row, "source"), text_of(row, "head")});
  });
  return rows;
}

std::vector<std::string> read_carriers(const std::filesystem::path& file) {
  std::vector<std::string> carriers;
  for_each_row(file, [&](const row_object& row) {
    auto text = text_of(row, "text");
    if (text.find(payload_place) == std::string::npos)
      throw row_error{"the carrier has no {payload}"};
    carriers.push_back(std::move(text));
  });
  return carriers;
}

} // namespace guardrails::train
