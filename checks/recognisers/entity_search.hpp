// Finds every hit of a set of recognisers in a text, weighs context words and settles overlaps.
#pragma once

#include "checks/check.hpp"
#include "checks/recognisers/context_index.hpp"
#include "checks/recognisers/recogniser.hpp"
#include "checks/registry.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guardrails::checks {

/// What a context word adds to a score, as in Presidio's context enhancer.
inline constexpr double context_bonus = 0.35;

/// One occurrence of an entity.
struct entity_hit {
  recognised found;           ///< score with context words counted
  std::size_t recogniser = 0; ///< place in entity_search::recognisers()
  std::string_view form;      ///< name of the written form
  std::vector<std::string> context;

  std::size_t length() const noexcept { return found.where.end - found.where.begin; }
};

/// What becomes of a hit once its score is known.
enum class standing : std::uint8_t {
  ignored,         ///< as if it were not there
  below_threshold, ///< gives way to any that acts
  acts,
};

/// What a hit counts for. Of hits that overlap, one of a severity that is not 0 stays unless others cover all
/// of it that do no less: that are as severe, and mask it if it masks.
struct hit_weight {
  standing stands = standing::ignored;
  std::uint8_t severity = 0; ///< below `severities`
  bool masks = false;

  static constexpr std::uint8_t severities = 6;
};

/// Weighs a hit.
using hit_judge = std::function<hit_weight(const recogniser&, const entity_hit&)>;

/// Hits listed one by one; past them the rest of the text counts as one hit per recogniser. Bounds work and
/// report on hostile texts.
inline constexpr std::size_t most_hits = 10'000;

/// Finds entities that no pattern describes, such as names: a tagger. Immutable and thread-safe.
class entity_source {
public:
  struct tagged {
    std::string_view entity; ///< of a recogniser without written forms; lives as long as the source
    match_range where;
    double score = 0; ///< 0..1, before context words count
  };

  virtual ~entity_source() = default;

  /// What `why.pattern` says of its hits; lives as long as the source.
  virtual std::string_view name() const noexcept = 0;

  /// Occurrences by place. From the begin of `rest`, if it is set, to the end of the text nobody looked: it
  /// may hold any entity of the source.
  struct tags {
    std::vector<tagged> found;
    std::optional<match_range> rest;
  };

  /// The occurrences in `text`, in time linear in its length. What it says once `stop` is true counts for
  /// nothing.
  virtual tags find(std::string_view text, const stop_function& stop) const = 0;
};

/// Compiled recognisers: immutable, thread-safe, linear in the length of the text.
class entity_search {
public:
  /// Registers the patterns of `recognisers`; equal expressions are one pattern. What a source finds counts
  /// when `recognisers` has its entity.
  entity_search(std::vector<recogniser> recognisers, compile_context& context,
                std::vector<std::shared_ptr<const entity_source>> sources = {});

  const std::vector<recogniser>& recognisers() const noexcept { return recognisers_; }

  /// The hits that `judge` does not ignore, by place; at the end those that stand for the rest of the text.
  /// Of hits that overlap, one that acts goes before one below its threshold, then one with proof or a
  /// context word, then one that a pattern found, then the one with the higher score, then the longer one.
  /// The others stay only where hit_weight says so.
  std::vector<entity_hit> find(const scanned_text& scanned, const hit_judge& judge) const;

  /// The same after a scan of its own.
  std::vector<entity_hit> find(std::string_view text, const hit_judge& judge) const;

private:
  struct compiled_form {
    std::size_t recogniser;
    std::size_t form;
  };
  struct shared_pattern {
    pattern_id id;
    pattern_origin origin;
    std::vector<compiled_form> forms; // whose expressions are the same
    std::size_t first_count;          // of its forms' counters
  };
  struct search;

  std::vector<recogniser> recognisers_;
  std::vector<shared_pattern> forms_; // in order of registration
  std::vector<std::size_t> gated_;    // those that are looked for one by one, by place in forms_
  std::vector<std::size_t> form_of_;  // by pattern: its place in forms_, or none
  std::size_t counts_ = 0;            // counters that a search needs
  context_index context_;
  std::vector<std::shared_ptr<const entity_source>> sources_;
  std::shared_ptr<const policy_patterns> patterns_;
};

/// What a hit says of itself as a finding; check, threshold, action and replacement are its check's business.
finding describe(const entity_hit& hit, const recogniser& of);

/// Whether `chosen` has the entity or the label of a recogniser.
bool names(const recogniser& r, std::span<const std::string> chosen);

} // namespace guardrails::checks
