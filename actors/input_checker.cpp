// Input checker: judges the user's text and masks it; blocked requests end here.
#include "actors/input_checker.hpp"

#include "actors/from_here.hpp"
#include "actors/judged_text.hpp"
#include "actors/request_validation.hpp"
#include "actors/stage_edge.hpp"
#include "actors/tool_results.hpp"
#include "checks/conversation_masks.hpp"
#include "llm/message_extra.hpp"
#include "json/document_text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guardrails::actors {

namespace {

/// What to mask in an earlier answer, into which originals were put back.
std::vector<finding> find_in_answer(std::string_view text, checks::conversation_masks& masks,
                                    const compiled_policy& policy, const checks::stop_function& stop) {
  if (!policy.masking_answers)
    return {};
  auto findings = masks.find_known(text);
  std::ranges::move(policy.masking_answers->find_masks(text, stop), std::back_inserter(findings));
  return findings;
}

/// What to mask in a message that was not judged: user and tool messages are sent too, and so are earlier
/// answers. Throws when a check fails: what cannot be masked must not be sent.
std::vector<finding> find_masks(const chat_message& message, checks::conversation_masks& masks,
                                const compiled_policy& policy, const checks::stop_function& stop) {
  if (message.role == "user" || message.role == "tool")
    return policy.masking->find_masks(message.content, stop);
  return message.role == "assistant" ? find_in_answer(message.content, masks, policy, stop)
                                     : std::vector<finding>{};
}

/// What a tool was called with, without what was put back into it.
std::string mask_call(std::string_view said, checks::conversation_masks& masks, const compiled_policy& policy,
                      const checks::stop_function& stop) {
  if (!masks.reversible())
    return std::string{said};
  if (const auto document = json::document_text::read(said)) {
    auto findings = find_in_answer(document->text(), masks, policy, stop);
    const auto mask = [&](std::string_view text, std::size_t offset) {
      return masks.mask(text, offset, findings);
    };
    return document->rewritten(mask).value_or(std::string{said});
  }
  auto findings = find_in_answer(said, masks, policy, stop);
  return masks.mask(said, 0, findings);
}

/// Masks a message, which begins at `offset` of the text that `findings` are of.
void mask_message(chat_message& message, std::uint64_t offset, std::vector<finding>& findings,
                  checks::conversation_masks& masks, const compiled_policy& policy,
                  const checks::stop_function& stop) {
  if (!message.extra.empty())
    message.extra = llm::rewrite_extra(
      message.extra,
      {[&](std::string_view text, std::size_t at) { return masks.mask(text, offset + at, findings); },
       [&](std::string_view said) { return mask_call(said, masks, policy, stop); }});
  message.content = masks.mask(message.content, offset, findings);
}

/// Masks the request's messages in their order, those that were judged by the findings of their report.
conversation mask(judged_request& work, const std::vector<judged_part>& judged, std::vector<finding>& found,
                  const checks::stop_function& stop) {
  const auto& policy = *work.request.policy;
  if (!policy.masking)
    return work.request.messages;
  auto messages = work.request.messages.get();
  checks::conversation_masks masks{policy.config.guardrails.pii};
  auto next = judged.begin();
  for (std::size_t i = 0; i < messages.size() && !(stop && stop()); ++i) {
    auto& message = messages[i];
    if (next != judged.end() && next->message == i) {
      mask_message(message, next++->offset, found, masks, policy, stop);
    } else if (auto findings = find_masks(message, masks, policy, stop);
               !findings.empty() || masks.reversible()) {
      mask_message(message, 0, findings, masks, policy, stop);
    }
  }
  work.masked = std::move(masks).release();
  return conversation{std::move(messages)};
}

/// Takes a complete judgement into the account; a text that did not pass goes nowhere.
void conclude(judged_request& work, checks::judgement verdict) {
  auto& account = work.account;
  if (!verdict.report.passed) {
    account.blocked = true;
    account.block_reason = verdict.check_error ? block_reason::check_error : block_reason::input;
    account.final_response = verdict.report.message;
    work.to_send.reset();
  }
  account.pii_input_check = verdict.report.pii;
  account.input_check = std::move(verdict.report);
}

/// Judges the request into its account; `to_send` is set when the model is to be asked.
void judge_request(judged_request& work, const checks::stop_function& stop) {
  const auto& policy = *work.request.policy;
  auto& account = work.account;
  const auto& messages = work.request.messages.get();
  if (stop && stop()) {
    work.broken_off = true;
    return;
  }
  auto problem = find_problem(messages);
  if (!problem)
    problem = find_options_problem(work.request.options);
  if (problem)
    return block(account, policy, block_reason::check_error, std::move(problem));
  if (work.request.part == lane_part::model_call) { // who sent it has judged it
    work.to_send = work.request.messages;
    return;
  }
  const auto parts = find_judged(messages, policy.config.guardrails.input_scope);
  if (parts.empty())
    return block(account, policy, block_reason::no_user_input);
  account.user_input = join(messages, parts);
  if (policy.config.llm)
    work.to_send = work.request.messages;
  else
    account.final_response = policy.sentence("no_llm");
  if (!policy.input)
    return;
  auto verdict = policy.input->judge(account.user_input, &steady_nanoseconds, stop);
  if (policy.tool_results)
    judge_tool_results(messages, *policy.tool_results, verdict, stop);
  work.broken_off = verdict.broken_off;
  if (work.to_send && (verdict.report.passed || (verdict.open && verdict.open->may_pass()))) {
    work.to_send = mask(work, parts, verdict.report.findings, stop);
    work.broken_off = stop && stop();
  }
  if (verdict.open)
    work.open = std::move(verdict);
  else
    conclude(work, std::move(verdict));
}

/// After a failure nothing is sent and nobody asked.
void forget(judged_request& work) {
  work.to_send.reset();
  work.open.reset();
}

/// The same, with its time taken and whatever goes wrong as a value.
void judge_at_the_edge(judged_request& work, const checks::stop_function& stop) noexcept {
  const auto begin = steady_nanoseconds();
  if (!at_the_edge(work.account, work.request.policy, [&] { judge_request(work, stop); }))
    forget(work);
  work.account.timings.input_checks = microseconds_since(begin);
}

/// Bytes to judge, and for every message what it costs to look at it.
std::size_t size_of(const std::vector<chat_message>& messages) {
  constexpr std::size_t message_cost = 64;
  std::size_t size = messages.size() * message_cost;
  for (const auto& message : messages)
    size += message.content.size() + message.extra.size();
  return size;
}

prompt to_prompt(judged_request& work) {
  auto& request = work.request;
  return {request.ticket,
          std::move(request.policy),
          std::move(*work.to_send),
          std::move(request.life),
          std::move(work.account),
          std::move(work.masked),
          request.stream_window,
          std::move(request.options),
          std::move(request.names),
          request.asks_first,
          request.part};
}

} // namespace

input_checker::input_checker(handle::pointer self, std::shared_ptr<roll_call> house,
                             std::shared_ptr<judging_threads> threads, llm_client_actor next,
                             judge_actor judge)
  : presence_{std::move(house)}
  , self_{self}
  , threads_{std::move(threads)}
  , next_{std::move(next)}
  , judge_{std::move(judge)} {}

input_checker::handle::behavior_type input_checker::make_behavior() {
  drop_unexpected(self_);
  return {
    [this](admitted_request& request) { return judge(request); },
    [this](const request_judged& judged) { go_on(*judged.work); },
    [this](const judge_answer& said) { settle(said); },
  };
}

caf::result<answer> input_checker::judge(admitted_request& request) {
  if (request.life.over())
    return ended_early(request.policy, {});
  if (request.policy && size_of(request.messages.get()) + request.options.size() > longest_inline_text)
    return judge_elsewhere(request);
  judged_request work{std::move(request)};
  judge_at_the_edge(work, [&] { return work.request.life.over(); });
  if (work.broken_off)
    return ended_early(work.request.policy, std::move(work.account));
  if (work.open) {
    auto reply = self_->make_response_promise<answer>();
    ask_judge(work, reply);
    return reply;
  }
  if (!work.to_send)
    return answer{work.request.ticket, std::move(work.account)};
  return mail(self_, to_prompt(work)).delegate(next_);
}

caf::result<answer> input_checker::judge_elsewhere(admitted_request& request) {
  const auto bytes = size_of(request.messages.get()) + request.options.size();
  const auto ticket = request.ticket;
  auto work = std::make_shared<judged_request>(judged_request{std::move(request)});
  const auto unwanted = [work] { return work->request.life.over(); };
  // Also what is unwanted comes back, so that nothing here waits for it.
  const auto judge = [work, me = caf::actor_cast<handle>(self_)](const checks::stop_function& stop) {
    judge_at_the_edge(*work, stop);
    post(me, request_judged{work});
  };
  if (!threads_->run({bytes, unwanted, judge})) {
    block(work->account, *work->request.policy, block_reason::overloaded,
          generation_error{"overloaded", "too many long texts wait to be judged; retry after 1 s", 0});
    return answer{ticket, std::move(work->account)};
  }
  return elsewhere_[ticket] = self_->make_response_promise<answer>();
}

void input_checker::go_on(judged_request& judged) {
  const auto waiting = elsewhere_.extract(judged.request.ticket);
  if (waiting.empty())
    return;
  if (judged.open && !judged.broken_off)
    ask_judge(judged, waiting.mapped());
  else
    finish(judged, waiting.mapped());
}

void input_checker::ask_judge(judged_request& work, promise reply) {
  if (!judge_)
    return complete({std::move(work), reply});
  const auto& request = work.request;
  judge_question question{request.ticket, request.policy, request.life, {}, false, {}};
  open_.ask(self_, judge_, std::move(question), std::move(work), reply);
}

void input_checker::settle(const judge_answer& said) {
  if (auto waiting = open_.take(said))
    complete(std::move(*waiting));
}

void input_checker::complete(open_judgements<judged_request>::entry waiting) {
  auto& work = waiting.work;
  const auto& policy = work.request.policy;
  work.broken_off = work.request.life.over();
  const bool well = at_the_edge(work.account, policy, [&] {
    auto verdict = std::move(*work.open);
    policy->input->settle(verdict, waiting.said);
    conclude(work, std::move(verdict));
  });
  if (!well)
    forget(work);
  work.account.timings.input_checks += microseconds_since(waiting.since);
  finish(work, waiting.reply);
}

void input_checker::finish(judged_request& work, promise reply) {
  if (work.broken_off)
    reply.deliver(ended_early(work.request.policy, std::move(work.account)));
  else if (!work.to_send)
    reply.deliver(answer{work.request.ticket, std::move(work.account)});
  else
    reply.delegate(next_, to_prompt(work));
}

} // namespace guardrails::actors
