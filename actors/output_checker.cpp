// Output checker: judges what the model said and fills in the generation.
#include "actors/output_checker.hpp"

#include "actors/beside_text.hpp"
#include "actors/from_here.hpp"
#include "actors/stage_edge.hpp"
#include "checks/unmasking.hpp"

#include <utility>

namespace guardrails::actors {

namespace {

/// Takes a complete judgement into the account.
void conclude(judged_draft& work, checks::judgement verdict) {
  auto& account = work.subject.account;
  auto streamed = work.stream ? work.stream->conclude(verdict) : std::string{};
  if (!verdict.report.passed) {
    account.blocked = true;
    account.block_reason = verdict.check_error ? block_reason::check_error : block_reason::output;
    account.final_response = verdict.report.message;
  } else if (work.stream) {
    account.final_response = std::move(streamed);
  } else {
    account.final_response =
      checks::unmask_between(account.llm_response.value(), verdict.report.findings, work.subject.masked);
  }
  conclude_beside(account, verdict.report, work.subject.masked);
  account.pii_output_check = verdict.report.pii;
  account.output_check = std::move(verdict.report);
}

// The answer is judged with its placeholders, and only what is shown has the originals.
void judge_draft(judged_draft& work, const checks::stop_function& stop) {
  work.broken_off = stop && stop();
  if (work.broken_off)
    return;
  auto& account = work.subject.account;
  const auto& policy = *work.subject.policy;
  const auto& text = account.llm_response.value();
  if (work.subject.part == lane_part::model_call) {
    account.final_response = text; // who wanted it judges it
    return;
  }
  if (!policy.output) {
    account.final_response = checks::unmask(text, work.subject.masked);
    conclude_beside(account, {}, work.subject.masked);
    return;
  }
  auto verdict = work.stream ? work.stream->finish(text, stop)
                             : rail_of_text(account, policy).judge(text, &steady_nanoseconds, stop);
  judge_beside(account, policy, verdict, stop);
  work.broken_off = verdict.broken_off;
  if (verdict.open)
    work.open = std::move(verdict);
  else
    conclude(work, std::move(verdict));
}

/// The same, with its time taken and whatever goes wrong as a value.
void judge_at_the_edge(judged_draft& work, const checks::stop_function& stop) noexcept {
  const auto begin = steady_nanoseconds();
  if (!at_the_edge(work.subject.account, work.subject.policy, [&] { judge_draft(work, stop); }))
    work.open.reset();
  work.subject.account.timings.output_checks = microseconds_since(begin);
}

/// Whatever goes wrong ends the stream.
void look_at_the_edge(answer_stream& stream, const checks::stop_function& stop) noexcept {
  generation failure;
  if (!at_the_edge(failure, stream.opened().policy, [&] { stream.look(stop); }))
    stream.break_off();
}

answer to_answer(judged_draft& work) {
  return {work.subject.ticket, std::move(work.subject.account)};
}

} // namespace

output_checker::output_checker(handle::pointer self, std::shared_ptr<roll_call> house,
                               std::shared_ptr<judging_threads> threads, judge_actor judge)
  : presence_{std::move(house)}
  , self_{self}
  , threads_{std::move(threads)}
  , judge_{std::move(judge)} {}

output_checker::handle::behavior_type output_checker::make_behavior() {
  drop_unexpected(self_);
  return {
    [this](draft& d) { return judge(d); },
    [this](const draft_judged& judged) { go_on(*judged.work); },
    [this](const judge_answer& said) { settle(said); },
    [this](draft_opened& opened) {
      const auto ticket = opened.ticket;
      streams_.insert_or_assign(ticket,
                                std::make_shared<answer_stream>(std::move(opened), self_->current_sender()));
    },
    [this](draft_piece& piece) { take(piece); },
    [this](const stream_looked& looked) { go_on(looked); },
    [this](const draft_dropped& dropped) { streams_.erase(dropped.ticket); },
    [this](const stream_used& used) {
      if (const auto it = streams_.find(used.ticket); it != streams_.end()) {
        it->second->use(used.bytes);
        grant(used.ticket, *it->second);
      }
    },
  };
}

// -- whole answers

caf::result<answer> output_checker::judge(draft& d) {
  const auto ticket = d.ticket;
  if (const auto it = streams_.find(ticket); it != streams_.end() && it->second->is_away) {
    it->second->end = std::move(d);
    return elsewhere_[ticket] = self_->make_response_promise<answer>();
  }
  const auto streamed = streams_.extract(ticket);
  if (d.life.over())
    return ended_early(d.policy, std::move(d.account));
  judged_draft work{std::move(d)};
  // A stream without text has shown nothing, and its calls of tools are no document that a check may want.
  if (!streamed.empty() && streamed.mapped()->is_scanned() && streamed.mapped()->size() > 0)
    work.stream = streamed.mapped();
  const auto& account = work.subject.account;
  if (work.subject.policy && account.llm_response && size_of(account) > longest_inline_text) {
    auto reply = self_->make_response_promise<answer>();
    finish_elsewhere(std::move(work), reply);
    return reply;
  }
  judge_at_the_edge(work, [&] { return work.subject.life.over(); });
  if (work.broken_off)
    return ended_early(work.subject.policy, std::move(work.subject.account));
  if (work.open) {
    auto reply = self_->make_response_promise<answer>();
    ask_judge(work, reply);
    return reply;
  }
  return to_answer(work);
}

void output_checker::finish_elsewhere(judged_draft work, promise reply) {
  const auto shared = std::make_shared<judged_draft>(std::move(work));
  auto& subject = shared->subject;
  const auto unwanted = [shared] { return shared->subject.life.over(); };
  const auto judge = [shared, me = caf::actor_cast<handle>(self_)](const checks::stop_function& stop) {
    judge_at_the_edge(*shared, stop);
    post(me, draft_judged{shared});
  };
  elsewhere_.insert_or_assign(subject.ticket, reply);
  if (threads_->run({size_of(subject.account), unwanted, judge}))
    return;
  elsewhere_.erase(subject.ticket);
  block(subject.account, *subject.policy, block_reason::overloaded,
        generation_error{"overloaded", "too many long texts wait to be judged; retry after 1 s", 0});
  reply.deliver(to_answer(*shared));
}

void output_checker::go_on(judged_draft& judged) {
  const auto waiting = elsewhere_.extract(judged.subject.ticket);
  if (waiting.empty())
    return;
  if (judged.open && !judged.broken_off)
    ask_judge(judged, waiting.mapped());
  else
    finish(judged, waiting.mapped());
}

void output_checker::ask_judge(judged_draft& work, promise reply) {
  if (!judge_)
    return complete({std::move(work), reply});
  const auto& d = work.subject;
  judge_question question{d.ticket, d.policy, d.life, {}, true, {}};
  open_.ask(self_, judge_, std::move(question), std::move(work), reply);
}

void output_checker::settle(const judge_answer& said) {
  if (auto waiting = open_.take(said))
    complete(std::move(*waiting));
}

void output_checker::complete(open_judgements<judged_draft>::entry waiting) {
  auto& work = waiting.work;
  auto& account = work.subject.account;
  const auto& policy = work.subject.policy;
  work.broken_off = work.subject.life.over();
  at_the_edge(account, policy, [&] {
    auto verdict = std::move(*work.open);
    policy->output->settle(verdict, waiting.said);
    conclude(work, std::move(verdict));
  });
  account.timings.output_checks += microseconds_since(waiting.since);
  finish(work, waiting.reply);
}

void output_checker::finish(judged_draft& work, promise reply) {
  if (work.broken_off)
    reply.deliver(ended_early(work.subject.policy, std::move(work.subject.account)));
  else
    reply.deliver(to_answer(work));
}

// -- answers in pieces

void output_checker::take(draft_piece& piece) {
  const auto it = streams_.find(piece.ticket);
  if (it == streams_.end() || it->second->is_refused)
    return;
  it->second->add(std::move(piece));
  advance(it->first, it->second);
}

// Nothing is granted while a look is under way, so what waits for it is bounded.
void output_checker::advance(std::uint64_t ticket, const std::shared_ptr<answer_stream>& stream) {
  if (stream->is_away)
    return;
  if (stream->take()) {
    if (stream->size() > longest_inline_text)
      return look_elsewhere(ticket, stream);
    look_at_the_edge(*stream, [&] { return stream->opened().life.over(); });
  }
  show(ticket, *stream);
}

void output_checker::look_elsewhere(std::uint64_t ticket, const std::shared_ptr<answer_stream>& stream) {
  const auto unwanted = [stream] { return stream->opened().life.over(); };
  const auto look = [ticket, stream, me = caf::actor_cast<handle>(self_)](const checks::stop_function& stop) {
    look_at_the_edge(*stream, stop);
    post(me, stream_looked{ticket, stream});
  };
  stream->is_away = threads_->run({stream->size(), unwanted, look});
  if (!stream->is_away)
    show(ticket, *stream); // nobody has time: what could be shown now comes with a later look
}

void output_checker::go_on(const stream_looked& looked) {
  const auto it = streams_.find(looked.ticket);
  if (it == streams_.end() || it->second != looked.stream)
    return;
  auto& stream = looked.stream;
  stream->is_away = false;
  if (!stream->end)
    return advance(looked.ticket, stream);
  streams_.erase(it);
  judged_draft work{*std::exchange(stream->end, std::nullopt)};
  work.stream = stream;
  if (const auto waiting = elsewhere_.extract(looked.ticket); !waiting.empty())
    finish_elsewhere(std::move(work), waiting.mapped());
}

void output_checker::show(std::uint64_t ticket, answer_stream& stream) {
  auto text = stream.show();
  if (!text.empty() && stream.front())
    mail(self_, released{ticket, std::move(text)}).send(stream.front());
  if (!stream.fails())
    return grant(ticket, stream);
  stream.is_refused = true;
  if (stream.client())
    mail(self_, draft_refused{ticket}).send(stream.client());
}

void output_checker::grant(std::uint64_t ticket, answer_stream& stream) {
  if (stream.is_away || stream.is_refused)
    return;
  if (const auto granted = stream.grant(); granted > 0 && stream.client())
    mail(self_, draft_used{ticket, granted}).send(stream.client());
}

} // namespace guardrails::actors
