// Gathers spans into batches and sends them, again where that may help.
#include "apps/gateway/span_exporter.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guardrails::gateway {
namespace {

constexpr std::chrono::milliseconds longest_pause{30'000};
constexpr std::uint64_t largest_answer = 64u << 10;

bool is_taken(const net::http_response& answer) noexcept {
  return answer.result == net::transfer_result::ok && answer.status / 100 == 2;
}

/// As OTLP says: what the collector could not do now, and what did not reach it.
bool is_worth_repeating(const net::http_response& answer) noexcept {
  if (answer.result != net::transfer_result::ok)
    return answer.result != net::transfer_result::cancelled;
  return answer.status == 429 || (answer.status >= 502 && answer.status <= 504);
}

} // namespace

std::string endpoint_of(std::string_view option, std::string_view traces_endpoint,
                        std::string_view endpoint) {
  if (!option.empty() || !traces_endpoint.empty())
    return std::string{option.empty() ? traces_endpoint : option};
  if (endpoint.empty())
    return {};
  return std::string{endpoint}.append(endpoint.ends_with('/') ? "v1/traces" : "/v1/traces");
}

span_exporter::span_exporter(export_options options, metrics& counts)
  : options_{std::move(options)}
  , counts_{counts} {
  client_.reset([this](std::vector<net::http_response> batch) {
    const std::lock_guard guard{mutex_};
    for (auto& response : batch)
      if (response.ticket == ticket_)
        answer_ = std::move(response);
    changed_.notify_all();
  });
  sender_ = std::thread{[this] { run(); }};
}

span_exporter::~span_exporter() {
  {
    const std::lock_guard guard{mutex_};
    ended_ = true;
    end_by_ = clock::now() + options_.end_time;
  }
  changed_.notify_all();
  sender_.join();
}

void span_exporter::add(request_span request) {
  const auto spans = 1 + request.stages.size();
  {
    const std::lock_guard guard{mutex_};
    if (waiting_.size() >= options_.most_waiting) {
      counts_.spans_dropped += spans;
      return;
    }
    waiting_.push_back(std::move(request));
    if (waiting_.size() != 1 && waiting_.size() != options_.most_in_batch)
      return; // the sender waits for nothing that this changes
  }
  changed_.notify_all();
}

void span_exporter::run() {
  std::unique_lock lock{mutex_};
  while (!ended_ || !waiting_.empty()) {
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    const auto batch = take_batch(lock);
    if (batch.empty())
      continue;
    lock.unlock();
    deliver(batch);
    lock.lock();
  }
}

std::vector<request_span> span_exporter::take_batch(std::unique_lock<std::mutex>& lock) {
  changed_.wait_for(lock, options_.gather_time,
                    [this] { return ended_ || waiting_.size() >= options_.most_in_batch; });
  const auto count = std::min(waiting_.size(), options_.most_in_batch);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<request_span> batch{std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end)};
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void span_exporter::deliver(std::span<const request_span> batch) {
  const auto taken = send(encode_spans(batch, options_.service));
  (taken ? counts_.spans_exported : counts_.spans_dropped) += count_spans(batch);
}

bool span_exporter::send(const std::string& body) {
  auto wait = options_.first_pause;
  for (std::uint32_t attempt = 1;; ++attempt) {
    const auto answer = exchange(body);
    if (answer && is_taken(*answer))
      return true;
    if (!answer || !is_worth_repeating(*answer) || attempt >= options_.most_attempts ||
        !pause(std::min(std::max(wait, answer->retry_after), longest_pause)))
      return false;
    wait *= 2;
  }
}

/// Nothing: there was no time left.
std::optional<net::http_response> span_exporter::exchange(const std::string& body) {
  std::unique_lock lock{mutex_};
  if (ended_ && clock::now() >= end_by_)
    return std::nullopt;
  net::http_request request;
  request.ticket = ++ticket_;
  request.url = options_.url;
  request.headers = {"Content-Type: application/json"};
  request.body = body;
  request.timeout = options_.export_time;
  request.connect_timeout = std::min(options_.export_time, request.connect_timeout);
  request.max_response_bytes = largest_answer;
  answer_.reset();
  lock.unlock();
  client_.submit(std::move(request));
  lock.lock();
  changed_.wait(lock, [this] { return answer_ || ended_; });
  if (!changed_.wait_until(lock, ended_ ? end_by_ : clock::now(), [this] { return answer_.has_value(); }))
    return std::nullopt;
  return std::exchange(answer_, std::nullopt);
}

/// False: the end came first, and there is no time to try again.
bool span_exporter::pause(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, time, [this] { return ended_; });
}

} // namespace guardrails::gateway
