// What a recogniser of sensitive data is: patterns that find candidates and functions that confirm them.
#pragma once

#include "checks/pattern_engine.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks {

/// A confirmed candidate.
struct recognised {
  match_range where;
  double score = 0;          ///< 0..1, before context words count
  std::string_view checksum; ///< name of the checksum that held; empty: none applies
};

/// What a verifier says: the hit, if it is one, and where the search for the next candidate begins.
struct verdict {
  std::optional<recognised> hit;
  std::size_t resume = 0;
};

/// Confirms a candidate: looks at the whole text, but only a bounded number of bytes around the candidate, or
/// so that `resume` passes whatever it looked at.
using verifier = verdict (*)(std::string_view text, match_range candidate);

/// One written form of an entity.
struct written_form {
  std::string name;
  std::string expression; ///< RE2, of bounded width
  verifier verify = nullptr;
  double least_with_context = 0.4; ///< score that a context word lifts a hit to at least
};

/// One entity: how it is written, and which words before it make a hit likelier.
struct recogniser {
  std::string_view label;
  std::string_view entity;
  std::vector<written_form> forms;
  std::vector<std::string_view> context; ///< case-folded
  bool refutable =
    false; ///< words such as `order number` right before a hit without checksum make it unlikely
};

// One function per entity, each in its own file.
recogniser email_recogniser();
recogniser phone_recogniser();
recogniser credit_card_recogniser();
recogniser ssn_recogniser();
recogniser ip_address_recogniser();
recogniser iban_recogniser();

} // namespace guardrails::checks
