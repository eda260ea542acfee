// Which recognisers the words before a hit speak for.
#pragma once

#include "checks/recognisers/recogniser.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace guardrails::checks {

/// The words before one place, read once for all hits that begin there.
struct preceding_words {
  std::size_t begin = std::string_view::npos; ///< the place
  std::vector<std::string> words;             ///< case-folded, nearest first
  std::vector<std::size_t> numbers; ///< of the words, in the same order; `no_context_word` of others
  bool all_ascii = true;
  bool name_other_number = false;
};

/// The context words of a set of recognisers by number. Immutable.
class context_index {
public:
  explicit context_index(std::span<const recogniser> recognisers);

  /// Reads what stands before `begin`, unless `before` has it already.
  void read(std::string_view text, std::size_t begin, preceding_words& before) const;

  static constexpr auto no_context_word = static_cast<std::size_t>(-1);

  /// What find_context says for the context words of a recogniser.
  std::vector<std::string> matching(const preceding_words& before, const recogniser& r,
                                    std::size_t index) const;

private:
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::vector<bool>> of_recogniser_; // by recogniser: which numbers
};

} // namespace guardrails::checks
