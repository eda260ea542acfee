// LLM client: a bounded queue in front of one I/O thread; retries, deadlines and cancellation by ticket.
#include "actors/llm_client.hpp"

#include "actors/from_here.hpp"
#include "actors/stage_edge.hpp"
#include "llm/echo.hpp"
#include "llm/retry.hpp"
#include "llm/trace_headers.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace guardrails::actors {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int echoes_at_once = 64;

generation_error transport_error(const net::http_response& response) {
  const auto status = static_cast<std::int32_t>(response.status);
  switch (response.result) {
  case net::transfer_result::ok:
    return {"http_status", response.problem, status};
  case net::transfer_result::connect_failed:
    return {"connect_failed", response.problem, status};
  case net::transfer_result::timeout:
    return {"timeout", "the model did not answer in time", status};
  case net::transfer_result::too_large:
    return {"response_too_large", response.problem, status};
  case net::transfer_result::tls_failed:
    return {"tls_failed", response.problem, status};
  case net::transfer_result::broken:
    return {"connection_broken", response.problem, status};
  case net::transfer_result::cancelled:
    return {"cancelled", "the upstream request was cancelled", status};
  }
  return {"internal", "unknown transfer result", status};
}

block_reason reason_of(net::transfer_result result) {
  return result == net::transfer_result::timeout ? block_reason::timeout : block_reason::llm_error;
}

std::uint64_t microseconds_between(llm_client::clock::time_point begin, llm_client::clock::time_point end) {
  return static_cast<std::uint64_t>(
    std::max<std::int64_t>(duration_cast<microseconds>(end - begin).count(), 0));
}

std::uint64_t count_calls(const llm::token_counter& tokens, const std::vector<tool_call>& calls) {
  std::uint64_t sum = 0;
  for (const auto& call : calls)
    sum += tokens.count(call.name) + tokens.count(call.arguments);
  return sum;
}

std::uint64_t count_answer(const llm::token_counter& tokens, const llm::completion& said) {
  auto sum = tokens.count(said.text) + count_calls(tokens, said.tool_calls);
  for (const auto& choice : said.further_choices)
    sum += tokens.count(choice.text) + count_calls(tokens, choice.tool_calls);
  return sum;
}

void complete(generation& account, const compiled_policy& policy, const conversation& sent,
              llm::completion result) {
  account.model = result.model.empty() ? policy.config.llm->model : std::move(result.model);
  account.usage = result.usage;
  if (account.usage.total_tokens == 0) {
    account.usage.prompt_tokens = policy.tokens.count(sent.get());
    account.usage.completion_tokens = count_answer(policy.tokens, result);
    account.usage.total_tokens = account.usage.prompt_tokens + account.usage.completion_tokens;
    account.usage.estimated = true;
  }
  account.llm_response = std::move(result.text);
  account.tool_calls = std::move(result.tool_calls);
  account.further_choices = std::move(result.further_choices);
  account.finish_reason = std::move(result.finish_reason);
}

} // namespace

llm_client::llm_client(handle::pointer self, std::shared_ptr<roll_call> house,
                       std::shared_ptr<transport_pool> transports, output_checker_actor next)
  : presence_{std::move(house)}
  , self_{self}
  , transports_{std::move(transports)}
  , next_{std::move(next)}
  , random_{std::random_device{}()} {}

llm_client::~llm_client() {
  if (transport_)
    transports_->give_back(std::move(transport_));
  // What was never sent is re-dispatched by the front, so only started calls are answered here.
  for (auto it = calls_.begin(); it != calls_.end(); it = calls_.begin()) {
    if (it->second.attempts > 0)
      fail(it, block_reason::llm_error,
           {"stage_lost", "the LLM client ended after the model was asked; the call is not repeated", 0});
    else
      calls_.erase(it);
  }
}

llm_client::handle::behavior_type llm_client::make_behavior() {
  drop_unexpected(self_);
  return {
    [this](prompt& request) { return take(request); },
    [this](const call_allowed& allowed) { allow(allowed.ticket); },
    [this](distant_answer& said) { take_distant(said); },
    [this](const cancel_request& c) { cancel(c.ticket); },
    [this](const http_batch& batch) {
      for (const auto& response : *batch.responses)
        receive(response);
      start_queued();
    },
    [this](const retry_due& due) { enqueue(due.ticket); },
    [this](const echo_due&) { deliver_echoes(); },
    [this](const draft_used& used) { use(used); },
    [this](const draft_refused& refused) { refuse(refused.ticket); },
  };
}

// -- taking prompts

caf::result<answer> llm_client::take(prompt& request) {
  if (request.life.over())
    return ended_early(request.policy, std::move(request.account));
  std::optional<caf::result<answer>> result;
  at_the_edge(request.account, request.policy, [&] {
    const auto& llm = request.policy->config.llm.value();
    if (llm.engine == llm_engine::echo && request.part != lane_part::checks) {
      result.emplace(echo(request));
      return;
    }
    if (calls_.size() >= llm.pool.max_in_flight) {
      block(request.account, *request.policy, block_reason::overloaded,
            generation_error{"overloaded", "the LLM client's queue is full; retry after 1 s", 0});
      return;
    }
    const auto ticket = request.ticket;
    auto entry = new_call(request);
    result.emplace(entry.reply);
    entry.allowed = !entry.request.asks_first;
    auto& held = calls_.emplace(ticket, std::move(entry)).first->second;
    if (held.request.part != lane_part::checks)
      return enqueue(ticket);
    held.state = phase::away;
    mail(self_, distant_call{ticket, held.request.messages}).send(caf::actor_cast<front_actor>(held.asker));
  });
  if (result)
    return std::move(*result);
  return answer{request.ticket, std::move(request.account)};
}

llm_client::call llm_client::new_call(prompt& request) {
  call entry;
  entry.since = clock::now();
  entry.deadline = request.life.deadline();
  entry.asker = self_->current_sender();
  entry.reply = self_->make_response_promise<answer>();
  entry.request = std::move(request);
  return entry;
}

// With a connection set aside: who waits for one may still go to another node.
void llm_client::ask_first(std::uint64_t ticket, call& entry, upstream& target) {
  entry.state = phase::asking;
  ++target.open;
  mail(self_, call_wanted{ticket}).send(caf::actor_cast<front_actor>(entry.asker));
}

void llm_client::allow(std::uint64_t ticket) {
  const auto it = calls_.find(ticket);
  if (it == calls_.end() || it->second.state != phase::asking)
    return;
  auto& entry = it->second;
  auto& target = upstreams_.at(&*entry.request.policy);
  --target.open;
  entry.allowed = true;
  entry.state = phase::queued;
  target.waiting.push_front(ticket);
  start_queued(target);
}

void llm_client::take_distant(distant_answer& said) {
  const auto it = calls_.find(said.ticket);
  if (it == calls_.end() || it->second.state != phase::away)
    return;
  auto& result = said.result;
  if (!result.llm_response)
    return fail(it, result.block_reason.value_or(block_reason::llm_error),
                result.error ? std::move(*result.error)
                             : generation_error{"internal", "a node gave no answer and no reason", 0});
  auto entry = std::move(it->second);
  calls_.erase(it);
  auto& account = entry.request.account;
  account.model = std::move(result.model);
  account.usage = result.usage;
  account.llm_response = std::move(result.llm_response);
  account.tool_calls = std::move(result.tool_calls);
  account.further_choices = std::move(result.further_choices);
  account.finish_reason = std::move(result.finish_reason);
  hand_on(entry);
}

/// Of a call that ends while it asks.
void llm_client::free_place(const call& entry) {
  if (entry.state != phase::asking)
    return;
  --upstreams_.at(&*entry.request.policy).open;
  mail(self_, http_batch{std::make_shared<std::vector<net::http_response>>()}).send(self_);
}

// -- the embedded engine

caf::result<answer> llm_client::echo(prompt& request) {
  const auto since = clock::now();
  const auto& llm = *request.policy->config.llm;
  const auto delay = llm::echo_delay(llm, request.messages.get());
  if (delay.count() == 0) {
    auto account = std::move(request.account);
    complete(account, *request.policy, request.messages, llm::echo(llm, request.messages.get()));
    account.timings.llm = microseconds_between(since, clock::now());
    return mail(self_, draft{request.ticket, std::move(request.policy), std::move(request.life),
                             std::move(account), std::move(request.masked), request.part})
      .delegate(next_);
  }
  const auto ticket = request.ticket;
  auto entry = new_call(request);
  entry.state = phase::echoing;
  auto result = caf::result<answer>{entry.reply};
  echoes_.emplace_hint(echoes_.end(), since + delay, ticket);
  calls_.emplace(ticket, std::move(entry));
  schedule_echoes();
  return result;
}

// A few at a time: what they set off runs in between, while it is still in the processor's cache.
void llm_client::deliver_echoes() {
  echo_scheduled_ = false;
  const auto now = clock::now();
  for (int i = 0; i < echoes_at_once && !echoes_.empty() && echoes_.begin()->first <= now; ++i) {
    const auto it = calls_.find(echoes_.begin()->second);
    echoes_.erase(echoes_.begin());
    if (it == calls_.end())
      continue; // cancelled
    auto& request = it->second.request;
    succeed(it, llm::echo(*request.policy->config.llm, request.messages.get()));
  }
  schedule_echoes();
}

void llm_client::schedule_echoes() {
  if (echoes_.empty() || std::exchange(echo_scheduled_, true))
    return;
  const auto wait = echoes_.begin()->first - clock::now();
  if (wait.count() > 0)
    mail(self_, echo_due{}).delay(duration_cast<caf::timespan>(wait)).send(self_);
  else
    mail(self_, echo_due{}).send(self_);
}

// -- the upstream

void llm_client::enqueue(std::uint64_t ticket) {
  const auto it = calls_.find(ticket);
  if (it == calls_.end())
    return;
  it->second.state = phase::queued;
  auto& target = upstreams_[&*it->second.request.policy];
  target.waiting.push_back(ticket);
  start_queued(target);
}

void llm_client::start_queued() {
  for (auto it = upstreams_.begin(); it != upstreams_.end();) {
    start_queued(it->second);
    const bool idle = it->second.waiting.empty() && it->second.open == 0;
    it = idle ? upstreams_.erase(it) : std::next(it);
  }
}

void llm_client::start_queued(upstream& target) {
  while (!target.waiting.empty()) {
    const auto it = calls_.find(target.waiting.front());
    if (it == calls_.end() || it->second.state != phase::queued) {
      target.waiting.pop_front();
      continue;
    }
    auto& entry = it->second;
    if (target.open >= entry.request.policy->config.llm->pool.max_connections)
      break;
    target.waiting.pop_front();
    if (entry.request.life.over()) {
      entry.request.ticket = 0; // it may live on in another chain
      fail(it, block_reason::timeout, {"timeout", "the request ended while it waited for a connection", 0});
      continue;
    }
    if (!entry.allowed) {
      ask_first(it->first, entry, target);
      continue;
    }
    generation failure;
    std::optional<generation_error> refused;
    if (!at_the_edge(failure, entry.request.policy, [&] { refused = start(it->first, entry); }))
      fail(it, block_reason::llm_error, std::move(failure.error).value());
    else if (refused)
      fail(it, block_reason::check_error, std::move(*refused));
    else
      ++target.open;
  }
  drop_stale(target);
}

std::optional<generation_error> llm_client::start(std::uint64_t ticket, call& entry) {
  const auto& llm = *entry.request.policy->config.llm;
  const auto window = entry.request.stream_window;
  auto encoded = llm::provider_of(llm.engine)
                   .encode({llm, entry.request.messages.get(), entry.request.options,
                            window > 0 ? llm::answer_form::stream : llm::answer_form::whole,
                            std::chrono::system_clock::now()});
  if (auto* refused = std::get_if<generation_error>(&encoded))
    return std::move(*refused);
  auto& asked = std::get<llm::http_call>(encoded);
  net::http_request request;
  request.ticket = ticket;
  request.url = std::move(asked.url);
  request.headers = std::move(asked.headers);
  llm::append_trace_headers(request.headers, entry.request.names.request_id, entry.request.names.traceparent);
  request.body = std::move(asked.body);
  request.timeout = std::max(duration_cast<milliseconds>(entry.deadline - clock::now()), milliseconds{1});
  request.connect_timeout = llm.connect_timeout;
  request.max_response_bytes = llm.max_response_bytes;
  request.stream_window = window;
  request.proxy = llm.proxy;
  request.ca_file = llm.ca_file;
  if (!transport_) {
    transport_ = transports_->take();
    transport_->reset([me = caf::actor_cast<handle>(self_)](std::vector<net::http_response> responses) {
      post(me, http_batch{std::make_shared<std::vector<net::http_response>>(std::move(responses))});
    });
  }
  transport_->submit(std::move(request));
  transfers_.emplace(ticket, entry.request.policy);
  entry.state = phase::open;
  if (entry.attempts++ == 0 && entry.asker)
    mail(self_, started{ticket}).send(caf::actor_cast<front_actor>(entry.asker));
  return std::nullopt;
}

void llm_client::open_stream(call& entry, std::uint32_t status) {
  const auto& llm = *entry.request.policy->config.llm;
  entry.stream = llm::provider_of(llm.engine).open(llm, entry.request.messages.get(), status);
}

void llm_client::receive(const net::http_response& response) {
  const auto transfer = transfers_.find(response.ticket);
  if (transfer == transfers_.end())
    return;
  if (!response.last) {
    if (const auto it = calls_.find(response.ticket); it != calls_.end() && it->second.state == phase::open)
      take_piece(it, response);
    return;
  }
  --upstreams_[&*transfer->second].open;
  transfers_.erase(transfer);
  const auto it = calls_.find(response.ticket);
  if (it == calls_.end() || it->second.state != phase::open)
    return; // cancelled meanwhile
  generation failure;
  if (!at_the_edge(failure, it->second.request.policy, [&] { judge_response(it, response); }))
    if (const auto still = calls_.find(response.ticket); still != calls_.end())
      fail(still, block_reason::llm_error, std::move(failure.error).value());
}

void llm_client::judge_response(call_map::iterator it, const net::http_response& response) {
  auto& entry = it->second;
  if (entry.stream)
    return end_stream(it, response);
  if (retry(it->first, entry, response))
    return;
  if (entry.request.stream_window > 0 && response.result == net::transfer_result::ok &&
      response.status / 100 == 2)
    return end_stream(it, response);
  if (response.result != net::transfer_result::ok) {
    fail(it, reason_of(response.result), transport_error(response));
    return;
  }
  const auto& llm = *entry.request.policy->config.llm;
  auto decoded =
    llm::provider_of(llm.engine).decode(llm, entry.request.messages.get(), response.status, response.body);
  if (auto* problem = std::get_if<generation_error>(&decoded))
    fail(it, block_reason::llm_error, std::move(*problem));
  else
    succeed(it, std::move(std::get<llm::completion>(decoded)));
}

// -- answers in pieces

void llm_client::take_piece(call_map::iterator it, const net::http_response& piece) {
  const auto ticket = it->first;
  auto& entry = it->second;
  const auto& request = entry.request;
  generation failure;
  std::optional<generation_error> problem;
  const auto well = at_the_edge(failure, request.policy, [&] {
    if (!entry.stream) {
      open_stream(entry, piece.status);
      mail(self_, draft_opened{ticket, request.policy, request.life, request.stream_window, request.masked,
                               entry.asker})
        .send(next_);
    }
    std::string text;
    problem = entry.stream->feed(piece.body, text);
    entry.said += text;
    if (text.empty())
      transport_->consumed(ticket, piece.body.size());
    else
      mail(self_, draft_piece{ticket, std::move(text), piece.body.size()}).send(next_);
  });
  if (!well)
    problem = std::move(failure.error).value();
  if (!problem)
    return;
  transport_->cancel(ticket);
  fail(it, block_reason::llm_error, std::move(*problem));
}

void llm_client::end_stream(call_map::iterator it, const net::http_response& response) {
  auto& entry = it->second;
  if (response.result != net::transfer_result::ok)
    return fail(it, reason_of(response.result), transport_error(response));
  if (!entry.stream)
    open_stream(entry, response.status);
  static_cast<void>(entry.stream->feed(response.body, entry.said)); // finish() tells again
  auto end = entry.stream->finish();
  if (auto* problem = std::get_if<generation_error>(&end))
    return fail(it, block_reason::llm_error, std::move(*problem));
  auto result = std::move(std::get<llm::completion>(end));
  result.text = std::move(entry.said);
  succeed(it, std::move(result));
}

// The draft is what came until then, and fails its checks again where it stands whole.
void llm_client::refuse(std::uint64_t ticket) {
  const auto it = calls_.find(ticket);
  if (it == calls_.end() || !it->second.stream)
    return;
  transport_->cancel(ticket);
  llm::completion result;
  result.text = std::move(it->second.said);
  succeed(it, std::move(result));
}

void llm_client::use(const draft_used& used) {
  if (const auto it = calls_.find(used.ticket); it != calls_.end() && it->second.state == phase::open)
    transport_->consumed(used.ticket, used.wire_bytes);
}

bool llm_client::retry(std::uint64_t ticket, call& entry, const net::http_response& response) {
  llm::failed_attempt failure{entry.attempts, 0, response.result == net::transfer_result::connect_failed,
                              response.retry_after};
  if (response.result == net::transfer_result::ok)
    failure.status = response.status;
  const auto remaining = duration_cast<milliseconds>(entry.deadline - clock::now());
  const auto drawn = std::uniform_real_distribution{0.0, 1.0}(random_);
  const auto wait =
    llm::wait_before_retry(entry.request.policy->config.llm->retries, failure, remaining, drawn);
  if (!wait)
    return false;
  entry.state = phase::backing_off;
  mail(self_, retry_due{ticket}).delay(*wait).send(self_);
  return true;
}

void llm_client::cancel(std::uint64_t ticket) {
  const auto it = calls_.find(ticket);
  if (it == calls_.end())
    return;
  if (it->second.state == phase::open)
    transport_->cancel(ticket);
  const auto target = upstreams_.find(&*it->second.request.policy);
  fail(it, block_reason::cancelled, {"cancelled", "the caller cancelled the request", 0});
  if (target != upstreams_.end())
    drop_stale(target->second);
}

// Tickets that ended while they waited stay in the queue until they come up; this keeps their number bounded.
void llm_client::drop_stale(upstream& target) {
  if (target.waiting.size() > 2 * calls_.size() + 64)
    std::erase_if(target.waiting, [this](std::uint64_t ticket) { return !calls_.contains(ticket); });
}

// -- endings

void llm_client::succeed(call_map::iterator it, llm::completion result) {
  auto entry = std::move(it->second);
  calls_.erase(it);
  complete(entry.request.account, *entry.request.policy, entry.request.messages, std::move(result));
  hand_on(entry);
}

void llm_client::hand_on(call& entry) {
  auto& request = entry.request;
  request.account.timings.llm = microseconds_between(entry.since, clock::now());
  entry.reply.delegate(next_, draft{request.ticket, std::move(request.policy), std::move(request.life),
                                    std::move(request.account), std::move(request.masked), request.part});
}

void llm_client::fail(call_map::iterator it, block_reason reason, generation_error problem) {
  auto entry = std::move(it->second);
  calls_.erase(it);
  free_place(entry);
  if (entry.stream)
    mail(self_, draft_dropped{entry.request.ticket}).send(next_);
  auto& account = entry.request.account;
  account.model = entry.request.policy->config.llm->model;
  block(account, *entry.request.policy, reason, std::move(problem));
  account.timings.llm = microseconds_between(entry.since, clock::now());
  entry.reply.deliver(answer{entry.request.ticket, std::move(account)});
}

} // namespace guardrails::actors
