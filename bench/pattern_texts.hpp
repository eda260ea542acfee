// The texts that the benchmarks of patterns read, and the full set of patterns.
#pragma once

#include <guardrails/rails_config.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace guardrails::bench {

/// Ordinary English without personal data.
inline constexpr std::string_view prose =
  "The quarterly report, which runs to 42 pages, describes how the team moved its services in 2023. Most "
  "people asked for a shorter version; the editors agreed (after some debate) and will publish one on 14 "
  "March. ";

/// Records as a support desk or a clinic keeps them, all invented: a finding every 40 to 60 bytes.
inline constexpr std::string_view records =
  "Ticket opened by the customer yesterday evening; reachable at mara.lindqvist@example.org or, if urgent, "
  "by "
  "phone on +44 20 7946 0958 after six. The replacement card ends the old one, 4111 1111 1111 1111, and was "
  "shipped to the branch in Leeds. Connected from 192.0.2.44 through the office network, session closed "
  "normally at the end. Please refund to the account DE89 3704 0044 0532 0130 00 as agreed on the phone last "
  "week. His social security number 536-90-4399 was confirmed by the second reader. The laptop with hardware "
  "address 00:1b:63:84:45:e6 has been returned to the store room. Next visit is planned for 2024-11-05, "
  "patient id 48812077, with the same physician as before. Mail to j.okafor@example.net bounced twice, so "
  "the "
  "desk called (415) 555-2671 instead and left a message for her. Her passport C01X00T47 expires next spring "
  "according to the scanned copy. The transfer went out under routing number 121000248 in two parts, and the "
  "statement is at https://billing.example.com/statement for a month. ";

/// A finding every twenty bytes, more than any text that people write.
inline constexpr std::string_view extreme =
  "Contact anna@example.org or +1 415 555 2671, card 4111 1111 1111 1111, host 10.0.0.1, ssn 536-90-4399. ";

/// Beginnings of everything, none of which is anything.
inline constexpr std::string_view hostile = "1-12-123-4111 1.1.1.1.1 a@a@ 1:1:: DE89 12 %41 +1 (2 ";

/// Personal data of every entity that no model has a part in, secrets, sensitive data, and a user's block
/// list. What the model finds (names, places, dates) is benched apart: bench/tagger.
rails_config full_set();

/// The expressions of the full set that the policy's engine compiles, without duplicates.
std::vector<std::string> patterns_of_full_set();

} // namespace guardrails::bench
