// Compiles patterns for streams, or says which of them a stream cannot have.
#include "checks/stream_patterns.hpp"

#include <guardrails/errors.hpp>

namespace guardrails::checks {

namespace {

std::vector<bounded_expression> bounded(std::span<const pattern> patterns) {
  std::vector<bounded_expression> expressions;
  for (const auto& p : patterns) {
    auto parsed = parse_bounded(p.expression, stream_patterns::widest);
    if (!parsed.expression)
      throw config_error({}, p.key_path, "not a pattern for streams: " + parsed.reason);
    expressions.push_back(std::move(*parsed.expression));
  }
  return expressions;
}

} // namespace

stream_patterns::stream_patterns(std::span<const pattern> patterns)
  : automaton_{bounded(patterns), automaton_start::everywhere} {}

} // namespace guardrails::checks
