// The patterns of a whole policy as one matcher: one pass tells which of them occur, exact places are asked
// for.
#pragma once

#include "checks/check.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// Number of a pattern within its policy, in order of registration from 0.
using pattern_id = std::uint32_t;

/// A half-open range of bytes of the scanned text.
struct match_range {
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const match_range&, const match_range&) = default;
};

/// Who wrote a pattern: ours have a bounded width, those of a user may be anything that RE2 takes.
enum class pattern_origin : std::uint8_t { built_in, user };

/// One regular expression in RE2's syntax over UTF-8.
struct pattern {
  std::string expression;
  std::string key_path; ///< named by config_error when the engine refuses the expression
  pattern_origin origin = pattern_origin::user;
  bool gated = true; ///< false: the gate leaves it out, because a finder tells where it matches
};

/// Where one of the located patterns (policy_patterns::is_located) may match.
struct located_candidate {
  std::uint32_t index = 0; ///< of the pattern, among those
  match_range where;
};

/// The patterns that occur in one text; what the gate could not decide counts as occurring.
class pattern_hits {
  static constexpr std::size_t bits_a_word = 64;
  static constexpr std::size_t words_inside = 16; // so that an ordinary policy takes nothing from the heap

  static std::uint64_t bit(pattern_id id) { return std::uint64_t{1} << (id % bits_a_word); }

  static auto& word(auto& hits, pattern_id id) {
    const auto place = id / bits_a_word;
    return place < words_inside ? hits.inside_[place] : hits.beyond_[place - words_inside];
  }

public:
  explicit pattern_hits(std::size_t patterns)
    : beyond_(patterns / bits_a_word + 1 - std::min(words_inside, patterns / bits_a_word + 1), 0) {}

  void add(pattern_id id) { word(*this, id) |= bit(id); }
  bool contains(pattern_id id) const { return (word(*this, id) & bit(id)) != 0; }

  /// Whether a pattern occurs whose number is at least `first` and below `end`.
  bool contains_any(pattern_id first, pattern_id end) const {
    while (first < end && first % bits_a_word != 0)
      if (contains(first++))
        return true;
    for (; end - first >= bits_a_word; first += bits_a_word)
      if (word(*this, first) != 0)
        return true;
    while (first < end)
      if (contains(first++))
        return true;
    return false;
  }

  /// The candidates of the located patterns, by place; nothing when there are too many to be kept.
  std::optional<std::vector<located_candidate>> located;

private:
  std::array<std::uint64_t, words_inside> inside_{};
  std::vector<std::uint64_t> beyond_;
};

/// What an engine does with compiled patterns. Implementations are immutable, thread-safe and linear in the
/// text.
class pattern_engine {
public:
  virtual ~pattern_engine() = default;

  /// One pass over the text. May report a pattern that does not occur, never omits one that does.
  virtual void scan(std::string_view text, pattern_hits& hits) const = 0;

  /// The leftmost match of one pattern that begins at or after `from` and ends at or before `until`; may be
  /// empty. Assertions such as `\b` and `$` see the whole text.
  virtual std::optional<match_range> next(std::string_view text, pattern_id id, std::size_t from,
                                          std::size_t until) const = 0;
};

/// Compiles with RE2. Throws config_error naming the key path of the first pattern that RE2 refuses.
std::unique_ptr<const pattern_engine> compile_re2(const std::vector<pattern>& patterns);

/// What a verifier made of a candidate: where the search goes on, at least one byte after the candidate's
/// begin; past the end of the text: nowhere.
struct search_step {
  std::size_t resume = 0;
};

/// The matches of one pattern in one text.
struct pattern_matches {
  std::vector<match_range> found;
  std::optional<match_range> rest; ///< of the text, which was not searched: it may hold any match
};

class candidate_finder;
struct findable_pattern;

/// The patterns of one policy: filled while the policy is compiled, then only read.
class policy_patterns {
public:
  static constexpr std::size_t max_patterns = 10'000;        ///< that a user may configure
  static constexpr std::size_t max_expression_bytes = 4'096; ///< of one user's pattern

  policy_patterns();
  ~policy_patterns();
  policy_patterns(policy_patterns&&) noexcept;
  policy_patterns& operator=(policy_patterns&&) noexcept;

  /// Registers a pattern; the same built-in one again gives the same number. Throws config_error for one that
  /// is too long, too many, or matches an empty text.
  pattern_id add(pattern p);

  /// Compiles what was added. Throws config_error.
  void compile();

  /// What was added, by number.
  const std::vector<pattern>& all() const noexcept { return patterns_; }

  /// Whether `for_each_located` looks for a pattern, all of its kind in one pass over the text; to `scan` it
  /// always occurs. Only some of ours are of that kind (candidate_finder.hpp).
  bool is_located(pattern_id id) const { return !patterns_[id].gated; }

  /// Which patterns occur in `text`. Everything occurs when the gate runs out of memory.
  pattern_hits scan(std::string_view text) const;

  /// Hands every candidate to `verify(match_range) -> search_step`, left to right, until `scanned.stop`.
  template <class Verify>
  void for_each_candidate(const scanned_text& scanned, pattern_id id, Verify&& verify) const {
    std::size_t candidates = 0;
    std::size_t seen = 0;
    for (std::size_t from = 0; from <= scanned.text.size();) {
      if (scanned.stop && candidates++ % candidates_between_stops == 0 && scanned.stop())
        return;
      const auto found = next_candidate(scanned, id, from, seen);
      if (!found)
        return;
      const search_step step = verify(*found);
      from = step.resume > found->begin ? step.resume : found->begin + 1;
    }
  }

  /// Hands every candidate of the located patterns to `verify(pattern_id, match_range) -> search_step`, by
  /// place, until `scanned.stop`. For each pattern these are the candidates of for_each_candidate.
  void for_each_located(const scanned_text& scanned,
                        const std::function<search_step(pattern_id, match_range)>& verify) const;

  static constexpr std::size_t most_matches = 10'000; ///< of one pattern in one text

  /// The matches of a user's pattern, not overlapping, never empty. A pattern may look far ahead for every
  /// match, so the bytes looked at are bounded, linear in the text, as are the matches; past either bound the
  /// rest of the text is not searched. Patterns that look at most a few times as far as to their next match
  /// stay within. In texts of a few kilobytes the matches are RE2's. In longer ones with many matches, one
  /// that RE2 would prolong or replace because of what stands more than 1 KiB behind the end of the one
  /// before may be cut short.
  pattern_matches matches(std::string_view text, pattern_id id, const stop_function& stop = {}) const;

  /// The same with the rest as one match more.
  std::vector<match_range> find_all(std::string_view text, pattern_id id,
                                    const stop_function& stop = {}) const;

private:
  static constexpr std::size_t candidates_between_stops = 256;

  struct search_budget;

  std::optional<match_range> next_candidate(const scanned_text& scanned, pattern_id id, std::size_t from,
                                            std::size_t& seen) const;
  std::optional<match_range> confirmed(std::string_view text, const findable_pattern& pattern,
                                       match_range where) const;
  std::optional<match_range> next_match(std::string_view text, pattern_id id, std::size_t from,
                                        search_budget& budget) const;

  std::vector<pattern> patterns_;
  std::size_t user_patterns_ = 0;
  std::unique_ptr<const pattern_engine> engine_;
  pattern_hits always_{0}; // what the gate leaves out
  std::vector<findable_pattern> findable_;
  std::unique_ptr<const candidate_finder> finder_;
};

} // namespace guardrails::checks
