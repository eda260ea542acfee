// Input checker: judges the user's text and masks it; blocked requests end here.
#include "actors/input_checker.hpp"

#include "actors/judged_text.hpp"
#include "actors/request_validation.hpp"
#include "actors/stage_edge.hpp"
#include "actors/tool_results.hpp"
#include "checks/conversation_masks.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guardrails::actors {

namespace {

/// What to mask in a message that was not judged: user and tool messages are sent too, and so are earlier
/// answers into which originals were put back. Throws when a check fails: what cannot be masked must not be
/// sent.
std::vector<finding> find_masks(const chat_message& message, checks::conversation_masks& masks,
                                const compiled_policy& policy, const checks::stop_function& stop) {
  if (message.role == "user" || message.role == "tool")
    return policy.masking->find_masks(message.content, stop);
  if (message.role != "assistant" || !policy.masking_answers)
    return {};
  auto findings = masks.find_known(message.content);
  std::ranges::move(policy.masking_answers->find_masks(message.content, stop), std::back_inserter(findings));
  return findings;
}

/// Masks the request's messages in their order, those that were judged by the report's findings.
conversation mask(judged_request& work, const std::vector<judged_part>& judged,
                  const checks::stop_function& stop) {
  const auto& policy = *work.request.policy;
  if (!policy.masking)
    return work.request.messages;
  auto messages = work.request.messages.get();
  checks::conversation_masks masks{policy.config.guardrails.pii};
  auto next = judged.begin();
  for (std::size_t i = 0; i < messages.size() && !(stop && stop()); ++i) {
    auto& content = messages[i].content;
    if (next != judged.end() && next->message == i) {
      content = masks.mask(content, next++->offset, work.account.input_check->findings);
    } else if (auto findings = find_masks(messages[i], masks, policy, stop);
               !findings.empty() || masks.reversible()) {
      content = masks.mask(content, 0, findings);
    }
  }
  work.masked = std::move(masks).release();
  return conversation{std::move(messages)};
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
  if (auto problem = find_problem(messages))
    return block(account, policy, block_reason::check_error, std::move(problem));
  const auto parts = find_judged(messages, policy.config.guardrails.input_scope);
  if (parts.empty())
    return block(account, policy, block_reason::no_user_input);
  account.user_input = join(messages, parts);
  auto to_send = work.request.messages;
  if (policy.input) {
    auto verdict = policy.input->judge(account.user_input, &steady_nanoseconds, stop);
    if (policy.tool_results)
      judge_tool_results(messages, *policy.tool_results, verdict, stop);
    work.broken_off = verdict.broken_off;
    account.input_check = std::move(verdict.report);
    account.pii_input_check = account.input_check->pii;
    if (!account.input_check->passed) {
      account.blocked = true;
      account.block_reason = verdict.check_error ? block_reason::check_error : block_reason::input;
      account.final_response = account.input_check->message;
      return;
    }
    to_send = mask(work, parts, stop);
    work.broken_off = stop && stop();
  }
  if (!policy.config.llm) {
    account.final_response = policy.sentence("no_llm");
    return;
  }
  work.to_send = std::move(to_send);
}

/// The same, with its time taken and whatever goes wrong as a value.
void judge_at_the_edge(judged_request& work, const checks::stop_function& stop) noexcept {
  const auto begin = steady_nanoseconds();
  if (!at_the_edge(work.account, work.request.policy, [&] { judge_request(work, stop); }))
    work.to_send.reset();
  work.account.timings.input_checks = microseconds_since(begin);
}

/// Bytes to judge, and for every message what it costs to look at it.
std::size_t size_of(const std::vector<chat_message>& messages) {
  constexpr std::size_t message_cost = 64;
  std::size_t size = messages.size() * message_cost;
  for (const auto& message : messages)
    size += message.content.size();
  return size;
}

prompt to_prompt(judged_request& work) {
  auto& request = work.request;
  return {request.ticket,          std::move(request.policy), std::move(*work.to_send),
          std::move(request.life), std::move(work.account),   std::move(work.masked)};
}

} // namespace

input_checker::input_checker(handle::pointer self, std::shared_ptr<roll_call> house,
                             std::shared_ptr<judging_threads> threads, llm_client_actor next)
  : presence_{std::move(house)}
  , self_{self}
  , threads_{std::move(threads)}
  , next_{std::move(next)} {}

input_checker::handle::behavior_type input_checker::make_behavior() {
  return {
    [this](admitted_request& request) { return judge(request); },
    [this](const request_judged& judged) { go_on(*judged.work); },
  };
}

caf::result<answer> input_checker::judge(admitted_request& request) {
  if (request.life.over())
    return ended_early(request.policy, {});
  if (request.policy && size_of(request.messages.get()) > longest_inline_text)
    return judge_elsewhere(request);
  judged_request work{std::move(request)};
  judge_at_the_edge(work, [&] { return work.request.life.over(); });
  if (work.broken_off)
    return ended_early(work.request.policy, std::move(work.account));
  if (!work.to_send)
    return answer{work.request.ticket, std::move(work.account)};
  return mail(self_, to_prompt(work)).delegate(next_);
}

caf::result<answer> input_checker::judge_elsewhere(admitted_request& request) {
  const auto bytes = size_of(request.messages.get());
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
  auto reply = waiting.mapped();
  if (judged.broken_off)
    reply.deliver(ended_early(judged.request.policy, std::move(judged.account)));
  else if (!judged.to_send)
    reply.deliver(answer{judged.request.ticket, std::move(judged.account)});
  else
    reply.delegate(next_, to_prompt(judged));
}

} // namespace guardrails::actors
