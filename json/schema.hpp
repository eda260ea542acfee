// JSON Schema: a subset of draft 2020-12 (docs/json.md lists it), compiled once, then asked about documents.
#pragma once

#include "json/document.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace guardrails::json {

/// A schema that cannot be used.
class schema_error : public std::runtime_error {
public:
  schema_error(path where, const std::string& problem)
    : std::runtime_error{problem}
    , where_{std::move(where)} {}

  /// The place within the schema.
  const path& where() const noexcept { return where_; }

private:
  path where_;
};

/// A rule that a document breaks.
struct violation {
  path where;          ///< the value in the document
  std::string rule;    ///< JSON Pointer of the keyword in the schema
  std::string problem; ///< continues `The value …`; quotes the schema at most, never the document
};

struct schema_node;

/// A compiled schema: immutable, thread-safe. Patterns are RE2's, so time is linear in the text; `$ref` leads
/// to places within the schema only.
class schema {
public:
  static constexpr std::size_t max_nodes = 10'000;
  static constexpr std::size_t max_chain = 64; ///< schemas applied to one value, one within the other

  /// Throws schema_error for an unknown keyword, a wrong operand, a reference that leads nowhere or to
  /// itself, and past the limits.
  explicit schema(const boost::json::value& source);
  ~schema();
  schema(schema&&) noexcept;
  schema& operator=(schema&&) noexcept;

  /// The rules that `document` breaks, at most `most`; empty: it is valid. Polls `stop`, after which the
  /// answer counts for nothing. Throws std::runtime_error when alternatives multiply beyond what the sizes of
  /// schema and document explain.
  std::vector<violation> validate(const boost::json::value& document, std::size_t most,
                                  const std::function<bool()>& stop = {}) const;

private:
  std::vector<schema_node> nodes_;
};

} // namespace guardrails::json
