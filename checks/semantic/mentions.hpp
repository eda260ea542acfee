// Whether words of an attack are said to somebody or talked about.
#pragma once

#include "checks/pattern_engine.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace guardrails::checks::semantic {

/// Whether the verb at `verb` orders something of whoever reads it: it begins a clause, or follows `please`,
/// `you must` and the like. In "why models ignore instructions" it does not.
bool is_order(std::string_view text, std::size_t verb) noexcept;

/// What stands between quotation marks or in code around `where`, without these; nothing where it is not all
/// within. Quotations end with their line, blocks of code with three backticks.
std::optional<match_range> quotation_around(std::string_view text, match_range where) noexcept;

/// Whether it lies in code: between backticks.
bool is_code(std::string_view text, match_range quotation) noexcept;

/// Tells quotations that are talked about from those that are used. Thread-safe, linear in the text.
class mentions {
public:
  mentions();

  /// Whether the words around a quotation talk about it ("the phrase …", "detect prompts such as …") and do
  /// not ask to do what it says.
  bool are_about(std::string_view text, match_range quotation) const;

  /// The quotations of `text` that are talked about, in order.
  std::vector<match_range> find(std::string_view text) const;

private:
  std::unique_ptr<const pattern_engine> engine_;
};

} // namespace guardrails::checks::semantic
