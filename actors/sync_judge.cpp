// Asks remote judges and waits for each.
#include "actors/sync_judge.hpp"

#include "actors/judge_call.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <thread>
#include <utility>
#include <variant>

namespace guardrails::actors {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::uint32_t most_connections = 64;
constexpr milliseconds look_interval{20}; // at whether to stop

double draw() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution{0.0, 1.0}(random);
}

} // namespace

sync_judge::sync_judge(guardrails_config config)
  : config_{std::move(config)} {}

void sync_judge::open_client() {
  client_ = std::make_unique<net::http_client>(most_connections);
  client_->reset([this](std::vector<net::http_response> batch) {
    const std::lock_guard guard{mutex_};
    for (auto& response : batch) {
      const auto ticket = response.ticket;
      responses_.insert_or_assign(ticket, std::move(response));
    }
    arrived_.notify_all();
  });
}

sync_judge::~sync_judge() = default;

std::vector<judge_answer> sync_judge::ask(const checks::open_questions& open, bool is_answer,
                                          const checks::stop_function& stop) {
  std::vector<judge_answer> answers;
  for (const auto subject : open.subjects)
    answers.push_back(ask_one(subject, open.text, is_answer, stop));
  return answers;
}

judge_answer sync_judge::ask_one(judge_subject subject, std::string_view text, bool is_answer,
                                 const checks::stop_function& stop) {
  const auto& config = judge_for(config_, subject);
  const auto begin = clock::now();
  judge_answer answer{0, subject, std::nullopt, {}, 0};
  for (std::uint32_t attempt = 1;; ++attempt) {
    const auto left = [&] { return duration_cast<milliseconds>(begin + config.timeout - clock::now()); };
    const auto response = exchange(subject, text, is_answer, std::max(left(), milliseconds{1}), stop);
    auto outcome = judge_outcome(config, subject, 1, response);
    if (auto* failure = std::get_if<judge_failure>(&outcome)) {
      const auto wait = wait_before_judge_retry(config, attempt, response, left(), draw());
      if (wait && !(stop && stop())) {
        std::this_thread::sleep_for(*wait);
        continue;
      }
      answer.failure = std::move(*failure);
    } else {
      answer.verdict = std::move(std::get<std::vector<judge_verdict>>(outcome).front());
    }
    const auto taken = duration_cast<std::chrono::microseconds>(clock::now() - begin).count();
    answer.microseconds = static_cast<std::uint64_t>(taken);
    return answer;
  }
}

net::http_response sync_judge::exchange(judge_subject subject, std::string_view text, bool is_answer,
                                        milliseconds timeout, const checks::stop_function& stop) {
  const std::array<llm::judged_text, 1> texts{llm::judged_text{text, is_answer}};
  std::unique_lock lock{mutex_};
  if (!client_)
    open_client();
  const auto ticket = ++last_ticket_;
  client_->submit(judge_request(judge_for(config_, subject), subject, ticket, texts, timeout));
  // The client ends every request in time, and those that it is told to.
  while (!arrived_.wait_for(lock, look_interval, [&] { return responses_.contains(ticket); }))
    if (stop && stop())
      client_->cancel(ticket);
  return std::move(responses_.extract(ticket).mapped());
}

} // namespace guardrails::actors
