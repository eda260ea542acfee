// Adds what a check said about a second form of the same text.
#pragma once

#include <guardrails/generation.hpp>

#include <cstddef>

namespace guardrails::checks {

/// Adds `second` to a report whose findings from `begin` on are what the same check said about the same text
/// read in another way. Spans of both count bytes of the original. A finding within those that do no
/// less (reach their threshold, mask, act) is known and is left out; of two verdicts a failing one stays; the
/// labels of sensitive data are united; the more toxic reading stays, and the content class that is not
/// empty, or, where `second_alone_fails`, the second one.
void add_second_reading(check_report& report, std::size_t begin, check_report second,
                        bool second_alone_fails = false);

} // namespace guardrails::checks
