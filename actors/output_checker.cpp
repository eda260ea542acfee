// Output checker: judges what the model said and fills in the generation.
#include "actors/output_checker.hpp"

#include "actors/stage_edge.hpp"
#include "checks/unmasking.hpp"

#include <utility>

namespace guardrails::actors {

namespace {

// The answer is judged with its placeholders, and only what is shown has the originals.
void judge_answer(judged_draft& work, const checks::stop_function& stop) {
  work.broken_off = stop && stop();
  if (work.broken_off)
    return;
  auto& account = work.subject.account;
  const auto& policy = *work.subject.policy;
  const auto& text = account.llm_response.value();
  if (!policy.output) {
    account.final_response = checks::unmask(text, work.subject.masked);
    return;
  }
  auto verdict = policy.output->judge(text, &steady_nanoseconds, stop);
  work.broken_off = verdict.broken_off;
  if (!verdict.report.passed) {
    account.blocked = true;
    account.block_reason = verdict.check_error ? block_reason::check_error : block_reason::output;
    account.final_response = verdict.report.message;
  } else {
    account.final_response = checks::unmask_between(text, verdict.report.findings, work.subject.masked);
  }
  account.pii_output_check = verdict.report.pii;
  account.output_check = std::move(verdict.report);
}

/// The same, with its time taken and whatever goes wrong as a value.
void judge_at_the_edge(judged_draft& work, const checks::stop_function& stop) noexcept {
  const auto begin = steady_nanoseconds();
  at_the_edge(work.subject.account, work.subject.policy, [&] { judge_answer(work, stop); });
  work.subject.account.timings.output_checks = microseconds_since(begin);
}

answer to_answer(judged_draft& work) {
  return {work.subject.ticket, std::move(work.subject.account)};
}

} // namespace

output_checker::output_checker(handle::pointer self, std::shared_ptr<roll_call> house,
                               std::shared_ptr<judging_threads> threads)
  : presence_{std::move(house)}
  , self_{self}
  , threads_{std::move(threads)} {}

output_checker::handle::behavior_type output_checker::make_behavior() {
  return {
    [this](draft& d) { return judge(d); },
    [this](const draft_judged& judged) { go_on(*judged.work); },
  };
}

caf::result<answer> output_checker::judge(draft& d) {
  if (d.life.over())
    return ended_early(d.policy, std::move(d.account));
  if (d.policy && d.account.llm_response && d.account.llm_response->size() > longest_inline_text)
    return judge_elsewhere(d);
  judged_draft work{std::move(d)};
  judge_at_the_edge(work, [&] { return work.subject.life.over(); });
  if (work.broken_off)
    return ended_early(work.subject.policy, std::move(work.subject.account));
  return to_answer(work);
}

caf::result<answer> output_checker::judge_elsewhere(draft& d) {
  const auto ticket = d.ticket;
  auto work = std::make_shared<judged_draft>(judged_draft{std::move(d)});
  const auto unwanted = [work] { return work->subject.life.over(); };
  const auto judge = [work, me = caf::actor_cast<handle>(self_)](const checks::stop_function& stop) {
    judge_at_the_edge(*work, stop);
    post(me, draft_judged{work});
  };
  if (!threads_->run({work->subject.account.llm_response->size(), unwanted, judge})) {
    block(work->subject.account, *work->subject.policy, block_reason::overloaded,
          generation_error{"overloaded", "too many long texts wait to be judged; retry after 1 s", 0});
    return to_answer(*work);
  }
  return elsewhere_[ticket] = self_->make_response_promise<answer>();
}

void output_checker::go_on(judged_draft& judged) {
  const auto waiting = elsewhere_.extract(judged.subject.ticket);
  if (waiting.empty())
    return;
  auto reply = waiting.mapped();
  if (judged.broken_off)
    reply.deliver(ended_early(judged.subject.policy, std::move(judged.subject.account)));
  else
    reply.deliver(to_answer(judged));
}

} // namespace guardrails::actors
