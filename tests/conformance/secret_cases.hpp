// Scores the recognition of secrets over tables of texts that are not part of the repository.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace guardrails::conformance {

/// Judges the cases in `data`/cases/secrets and prints, per rule, the secrets found and the texts without one
/// that passed. Returns 0 when at least 95 % of either hold, 1 when not, and says `skipped` (0) where there
/// are no tables.
int score_secret_cases(const std::filesystem::path& data, std::ostream& out);

} // namespace guardrails::conformance
