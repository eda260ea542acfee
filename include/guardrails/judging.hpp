// What a remote judge is asked about a text, and what it says.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace guardrails {

/// The question: each is a check of its own.
enum class judge_subject : std::uint8_t {
  toxicity,      ///< toxic, offensive or neither
  content_class, ///< what a text tries to do
};
BOOST_DESCRIBE_ENUM(judge_subject, toxicity, content_class)

/// One text's verdict, read from what a judge answered.
struct judge_verdict {
  bool flagged = false;
  std::string label;    ///< flagged: `toxic` or `offensive`, or a class such as `jailbreak`
  std::string category; ///< the judge's own word for it, as `hate` or `S10`; empty: it gave none
  double score = 0;     ///< the probability of being flagged; 0 or 1 where the judge gives none
  bool settled = false; ///< the judge's own threshold made it flagged: no other one applies
};
BOOST_DESCRIBE_STRUCT(judge_verdict, (), (flagged, label, category, score, settled))

/// Why there is no verdict. `kind` is stable: `judge_timeout`, `judge_unreachable`, `judge_status`,
/// `judge_malformed`, `judge_overloaded`, `judge_lost` or `cancelled`. `message` quotes neither the text nor
/// what the judge said.
struct judge_failure {
  std::string kind;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(judge_failure, (), (kind, message))

/// A verdict, or why there is none.
struct judge_answer {
  std::uint64_t ticket = 0;
  judge_subject subject = judge_subject::toxicity;
  std::optional<judge_verdict> verdict;
  judge_failure failure;
  std::uint64_t microseconds = 0; ///< from the question on
};
BOOST_DESCRIBE_STRUCT(judge_answer, (), (ticket, subject, verdict, failure, microseconds))

} // namespace guardrails
