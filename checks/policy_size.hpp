// How large a policy becomes when it is compiled.
#pragma once

#include "checks/pattern_engine.hpp"

#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace guardrails::checks {

/// Filled while a policy is compiled. Sizes are of what does not depend on any text: the automata that RE2
/// builds while it searches have budgets of their own.
struct policy_size {
  std::vector<std::string> checks; ///< that are on, in order of precedence
  std::size_t built_in_patterns = 0;
  std::size_t user_patterns = 0;
  std::size_t forward_instructions = 0; ///< of the patterns, one by one; their gate has about as many again
  std::size_t reverse_instructions = 0;
  std::size_t recognisers = 0; ///< of all checks; two checks that look for an entity have one each
  std::size_t words = 0;
  std::size_t word_bytes = 0;
  std::size_t tagger_bytes = 0; ///< 0: the tagger is not used

  void add_words(std::size_t count, std::size_t bytes);

  /// Compiles each pattern by itself; one that RE2 refuses has no instructions.
  void add_patterns(std::span<const pattern> patterns);

  /// Memory of the patterns' programs and their gate, about.
  std::size_t pattern_bytes() const noexcept;
};

/// Of the checks that `config`, which compile_rail accepts, turns on.
policy_size size_of_policy(const rails_config& config);

} // namespace guardrails::checks
