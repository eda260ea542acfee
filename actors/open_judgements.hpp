// Work of a checker that waits for remote judges, by ticket, while the checker goes on with other work.
#pragma once

#include "actors/policy.hpp"

#include <guardrails/actors.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace guardrails::actors {

/// `Work` has `open`, a judgement with open questions. As many wait as the judge holds questions: past that
/// it answers at once.
template <class Work>
class open_judgements {
public:
  using promise = caf::typed_response_promise<answer>;

  struct entry {
    Work work;
    promise reply;
    std::vector<judge_answer> said{};
    std::size_t asked = 0;
    std::uint64_t since = steady_nanoseconds();
  };

  /// Asks every open question of `work`; `question` lacks the text and the subject.
  template <class Self>
  void ask(Self* self, const judge_actor& judge, judge_question question, Work work, promise reply) {
    const auto ticket = question.ticket;
    const auto& open = work.open->open.value();
    question.text = open.text;
    for (const auto subject : open.subjects) {
      question.subject = subject;
      mail(self, question).send(judge);
    }
    const auto asked = open.subjects.size();
    entries_.insert_or_assign(ticket, entry{std::move(work), std::move(reply), {}, asked});
  }

  /// The work whose last question this answers.
  std::optional<entry> take(const judge_answer& said) {
    const auto found = entries_.find(said.ticket);
    if (found == entries_.end())
      return std::nullopt;
    found->second.said.push_back(said);
    if (found->second.said.size() < found->second.asked)
      return std::nullopt;
    return std::move(entries_.extract(found).mapped());
  }

private:
  std::unordered_map<std::uint64_t, entry> entries_;
};

} // namespace guardrails::actors
