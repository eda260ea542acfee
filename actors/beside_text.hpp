// What an answer has beside its text, calls of tools and further choices: judged and masked as the text is.
#pragma once

#include "actors/policy.hpp"

#include <guardrails/generation.hpp>
#include <guardrails/masked_values.hpp>

#include <cstddef>

namespace guardrails::actors {

/// The rail that judges the answer's text: one that calls tools is not the document that `output_json` wants.
const checks::rail& rail_of_text(const generation& account, const compiled_policy& policy);

/// Bytes to judge.
std::size_t size_of(const generation& account) noexcept;

/// Judges what stands beside the text, piece by piece, and adds it to the `verdict` on the text. Arguments
/// that are no JSON cannot be masked: where they had to be, the answer fails.
void judge_beside(generation& account, const compiled_policy& policy, checks::judgement& verdict,
                  const checks::stop_function& stop);

/// Leaves what may be shown: of a blocked answer nothing, else what `report` masks and `masked` puts back.
void conclude_beside(generation& account, const check_report& report, const masked_values& masked);

} // namespace guardrails::actors
