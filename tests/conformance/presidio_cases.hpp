// Scores the recognition of personal data over a table of texts that is not part of the repository.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace guardrails::conformance {

/// Judges `data`/cases/presidio/recognizers.jsonl.gz, each case with its entity alone, and prints per entity
/// how many pass, and how many have the table's score too. A case passes when the spans found are those
/// expected; a text that the table lists with several expectations counts by the one that is met. Returns 0
/// when 97 % pass and no entity with fewer than 34 cases misses more than one, 1 when not, and says `skipped`
/// (0) where there is no table. GUARDRAILS_SHOW_MISSES in the environment lists the others.
int score_presidio_cases(const std::filesystem::path& data, std::ostream& out);

} // namespace guardrails::conformance
