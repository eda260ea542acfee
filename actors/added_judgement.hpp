// Judgements of several texts of one request or answer, as one.
#pragma once

#include "checks/rail.hpp"

#include <cstdint>

namespace guardrails::actors {

/// Adds what was found in another text, whose findings get `place` as their message, to `verdict`, which
/// names the sentence where both fail. Remote judges that both are to be asked see the texts together.
void add_judgement(checks::judgement& verdict, checks::judgement other, std::uint64_t place);

} // namespace guardrails::actors
