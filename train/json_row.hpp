// One row of data: a line that is a JSON object.
#pragma once

#include <boost/json/object.hpp>

#include <stdexcept>
#include <string_view>

namespace guardrails::train {

/// A row that cannot be used; says why, and nothing of the text.
class row_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Throws row_error where the line is anything else.
boost::json::object parse_row(std::string_view line);

/// The member of that name; null where there is none, or where it is no string.
const boost::json::string* string_in(const boost::json::object& row, std::string_view name);

} // namespace guardrails::train
