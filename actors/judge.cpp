// Judge: bounded questions in front of one I/O thread; every question is answered by its deadline.
#include "actors/judge.hpp"

#include "actors/from_here.hpp"
#include "actors/judge_call.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace guardrails::actors {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds sweep_interval{20};

// Beyond this a batch takes no more texts, so that short ones do not wait for many long ones.
constexpr std::size_t most_batch_bytes = 256u << 10;

judge_failure internal_failure() {
  return {"judge_lost", "The judge could not be asked."};
}

/// Whether one text may be why a provider refused all of a batch.
bool refuses_content(const net::http_response& response) {
  return response.result == net::transfer_result::ok &&
         (response.status == 400 || response.status == 413 || response.status == 422);
}

} // namespace

judge::judge(handle::pointer self, std::shared_ptr<roll_call> house,
             std::shared_ptr<transport_pool> transports)
  : presence_{std::move(house)}
  , self_{self}
  , transports_{std::move(transports)}
  , random_{std::random_device{}()} {}

judge::~judge() {
  if (transport_)
    transports_->give_back(std::move(transport_));
  while (!questions_.empty())
    answer(questions_.begin(), std::nullopt, {"judge_lost", "The judge's actor ended before the verdict."});
}

judge::handle::behavior_type judge::make_behavior() {
  drop_unexpected(self_);
  return {
    [this](judge_question& asked) { return take(asked); },
    [this](const http_batch& batch) {
      for (const auto& response : *batch.responses)
        receive(response);
      start_all();
    },
    [this](const batch_due&) {
      batch_scheduled_ = false;
      start_all();
    },
    [this](const deadline_sweep&) { sweep(); },
  };
}

const judge_config& judge::config_of(const question& q) const {
  return judge_for(q.asked.policy->config.guardrails, q.asked.subject);
}

// -- taking questions

caf::result<judge_answer> judge::take(judge_question& asked) try {
  judge_answer refusal{asked.ticket, asked.subject, std::nullopt, {}, 0};
  if (!asked.policy) {
    refusal.failure = internal_failure();
    return refusal;
  }
  const auto now = clock::now();
  const auto& config = judge_for(asked.policy->config.guardrails, asked.subject);
  const auto hash = hash_question(asked.policy.version(), asked.subject, asked.is_answer, asked.text);
  auto& cache = caches_[static_cast<std::size_t>(asked.subject)];
  if (auto known = cache.find(hash, now))
    return judge_answer{asked.ticket, asked.subject, std::move(known), {}, 0};
  if (questions_.size() >= config.pool.max_in_flight) {
    refusal.failure = {"judge_overloaded", "Too many questions wait for the judge."};
    return refusal;
  }
  const auto id = ++last_id_;
  const auto deadline = std::min(asked.life.deadline(), now + config.timeout);
  auto reply = self_->make_response_promise<judge_answer>();
  questions_.emplace(id, question{reply, std::move(asked), hash, now, deadline});
  enqueue(id);
  schedule_sweep();
  return reply;
} catch (const std::exception&) {
  return judge_answer{asked.ticket, asked.subject, std::nullopt, internal_failure(), 0};
}

void judge::enqueue(std::uint64_t id) {
  const auto it = questions_.find(id);
  if (it == questions_.end())
    return;
  const auto& config = config_of(it->second);
  auto& target = desks_[{&*it->second.asked.policy, it->second.asked.subject}];
  if (target.waiting.empty())
    target.flush_at = clock::now() + (llm::most_texts(config) > 1 ? config.batch.wait : milliseconds{0});
  target.waiting.push_back(id);
  start(target);
}

// -- calls

void judge::start_all() {
  for (auto it = desks_.begin(); it != desks_.end();) {
    start(it->second);
    const bool idle = it->second.waiting.empty() && it->second.open == 0;
    it = idle ? desks_.erase(it) : std::next(it);
  }
}

void judge::start(desk& target) {
  while (!target.waiting.empty()) {
    const auto first = questions_.find(target.waiting.front());
    if (first == questions_.end()) {
      target.waiting.pop_front();
      continue;
    }
    const auto& config = config_of(first->second);
    if (target.open >= config.pool.max_connections)
      return;
    const auto now = clock::now();
    if (target.waiting.size() < llm::most_texts(config) && now < target.flush_at)
      return schedule_batch(duration_cast<milliseconds>(target.flush_at - now) + milliseconds{1});
    const auto ids = next_batch(target, config);
    try {
      send(ids);
      ++target.open;
    } catch (const std::exception&) {
      for (const auto id : ids)
        if (const auto it = questions_.find(id); it != questions_.end())
          answer(it, std::nullopt, internal_failure());
    }
  }
}

std::vector<std::uint64_t> judge::next_batch(desk& target, const judge_config& config) {
  std::vector<std::uint64_t> ids;
  std::size_t bytes = 0;
  while (!target.waiting.empty() && ids.size() < llm::most_texts(config)) {
    const auto it = questions_.find(target.waiting.front());
    if (it != questions_.end()) {
      const auto& q = it->second;
      const bool fits = !q.alone && bytes + q.asked.text.size() <= most_batch_bytes;
      if (!ids.empty() && !fits)
        break;
      ids.push_back(it->first);
      bytes += q.asked.text.size();
      if (q.alone) {
        target.waiting.pop_front();
        break;
      }
    }
    target.waiting.pop_front();
  }
  return ids;
}

void judge::send(const std::vector<std::uint64_t>& ids) {
  std::vector<llm::judged_text> texts;
  auto latest = clock::time_point::min();
  for (const auto id : ids) {
    auto& q = questions_.at(id);
    ++q.attempts;
    texts.push_back({q.asked.text, q.asked.is_answer});
    latest = std::max(latest, q.deadline);
  }
  const auto& first = questions_.at(ids.front());
  const auto left = std::max(duration_cast<milliseconds>(latest - clock::now()), milliseconds{1});
  const auto transfer = ++last_id_;
  auto request = judge_request(config_of(first), first.asked.subject, transfer, texts, left);
  if (!transport_) {
    transport_ = transports_->take();
    transport_->reset([me = caf::actor_cast<handle>(self_)](std::vector<net::http_response> responses) {
      post(me, http_batch{std::make_shared<std::vector<net::http_response>>(std::move(responses))});
    });
  }
  transport_->submit(std::move(request));
  calls_.emplace(transfer, call{first.asked.policy, first.asked.subject, ids});
}

void judge::receive(const net::http_response& response) {
  auto found = calls_.extract(response.ticket);
  if (found.empty())
    return;
  auto& done = found.mapped();
  if (const auto target = desks_.find({&*done.policy, done.subject}); target != desks_.end())
    --target->second.open;
  try {
    settle(done, response);
  } catch (const std::exception&) {
    for (const auto id : done.questions)
      if (const auto it = questions_.find(id); it != questions_.end())
        answer(it, std::nullopt, internal_failure());
  }
}

void judge::settle(call& done, const net::http_response& response) {
  const auto& config = judge_for(done.policy->config.guardrails, done.subject);
  auto outcome = judge_outcome(config, done.subject, done.questions.size(), response);
  const auto* failure = std::get_if<judge_failure>(&outcome);
  if (failure && ask_one_by_one(done, response))
    return;
  for (std::size_t i = 0; i < done.questions.size(); ++i) {
    const auto it = questions_.find(done.questions[i]);
    if (it == questions_.end())
      continue; // its deadline has passed
    if (!failure) {
      auto& verdict = std::get<std::vector<judge_verdict>>(outcome)[i];
      caches_[static_cast<std::size_t>(done.subject)].put(it->second.hash, verdict,
                                                          clock::now() + config.cache.ttl, config.cache.size);
      answer(it, std::move(verdict), {});
    } else if (!retry(it->first, response)) {
      answer(it, std::nullopt, *failure);
    }
  }
}

bool judge::ask_one_by_one(const call& done, const net::http_response& response) {
  if (done.questions.size() < 2 || !refuses_content(response))
    return false;
  for (const auto id : done.questions)
    if (const auto it = questions_.find(id); it != questions_.end()) {
      it->second.alone = true;
      enqueue(id);
    }
  return true;
}

bool judge::retry(std::uint64_t id, const net::http_response& response) {
  const auto& q = questions_.at(id);
  const auto remaining = duration_cast<milliseconds>(q.deadline - clock::now());
  const auto drawn = std::uniform_real_distribution{0.0, 1.0}(random_);
  const auto wait = wait_before_judge_retry(config_of(q), q.attempts, response, remaining, drawn);
  if (!wait)
    return false;
  retries_.emplace(clock::now() + *wait, id);
  return true;
}

// -- time

void judge::schedule_batch(milliseconds wait) {
  if (!std::exchange(batch_scheduled_, true))
    mail(self_, batch_due{}).delay(wait).send(self_);
}

void judge::schedule_sweep() {
  if (!std::exchange(sweep_scheduled_, true))
    mail(self_, deadline_sweep{}).delay(sweep_interval).send(self_);
}

void judge::sweep() {
  sweep_scheduled_ = false;
  const auto now = clock::now();
  for (auto it = questions_.begin(); it != questions_.end();) {
    const auto here = it++;
    if (here->second.deadline <= now)
      answer(here, std::nullopt, {"judge_timeout", "The judge did not answer in time."});
    else if (here->second.asked.life.over())
      answer(here, std::nullopt, {"cancelled", "Nobody waits for the verdict any more."});
  }
  while (!retries_.empty() && retries_.begin()->first <= now) {
    const auto id = retries_.begin()->second;
    retries_.erase(retries_.begin());
    enqueue(id);
  }
  start_all();
  if (!questions_.empty())
    schedule_sweep();
}

// -- endings

void judge::answer(question_map::iterator it, std::optional<judge_verdict> verdict, judge_failure failure) {
  auto entry = std::move(it->second);
  questions_.erase(it);
  const auto taken = duration_cast<std::chrono::microseconds>(clock::now() - entry.since).count();
  entry.reply.deliver(judge_answer{entry.asked.ticket, entry.asked.subject, std::move(verdict),
                                   std::move(failure),
                                   static_cast<std::uint64_t>(std::max<std::int64_t>(taken, 0))});
}

} // namespace guardrails::actors
