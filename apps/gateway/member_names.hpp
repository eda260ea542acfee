// Names that some readers of JSON take for others: Go's, which servers of models are written in, looks at no
// case. What is judged under one name must not stand again under another that the model's server takes for
// it.
#pragma once

#include <boost/json/fwd.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// The first member of `object` whose name is one of `known` but for its case (Unicode's simple folding, and
/// the i with and without its dot). The names in `known` are lower-case ASCII.
std::optional<std::string> find_disguised(const boost::json::object& object,
                                          std::span<const std::string_view> known);

/// The same in `value` and all within it: as a path below it, such as `.content[1].Text`.
std::optional<std::string> find_disguised_within(const boost::json::value& value,
                                                 std::span<const std::string_view> known);

} // namespace guardrails::gateway
