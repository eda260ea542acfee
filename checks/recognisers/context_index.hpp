// Which recognisers the words before a hit speak for.
#pragma once

#include "checks/recognisers/context.hpp"
#include "checks/recognisers/recogniser.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace guardrails::checks {

/// The words before one place, read once for all hits that begin there.
struct preceding_words {
  std::size_t begin = std::string_view::npos; ///< the place
  nearest_words words;
  std::array<std::size_t, context_tokens> numbers{}; ///< of the words; `no_context_word` of others
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
  static constexpr std::size_t signatures = 4'096;

  static std::size_t signature(std::string_view word) noexcept;
  std::size_t number_of(std::string_view word) const;

  struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>> numbers_;
  std::bitset<signatures>
    known_signatures_; // most words are told from all of these without a look at the map
  std::vector<std::vector<bool>> of_recogniser_; // by recogniser: which numbers
};

} // namespace guardrails::checks
