// Batches spans, one request at a time.
#include "apps/gateway/otlp_exporter.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guardrails::gateway {

otlp_exporter::otlp_exporter(std::string endpoint, metrics& counts)
  : endpoint_{std::move(endpoint)}
  , counts_{counts}
  , sender_{[this] { run(); }} {}

otlp_exporter::~otlp_exporter() {
  {
    const std::lock_guard guard{mutex_};
    ended_ = true;
    give_up_at_ = clock::now() + flush_time;
  }
  changed_.notify_all();
  sender_.join();
}

void otlp_exporter::add(request_span span) {
  bool full_batch = false;
  {
    const std::lock_guard guard{mutex_};
    if (waiting_.size() >= most_waiting) {
      ++counts_.spans_dropped;
      return;
    }
    waiting_.push_back(std::move(span));
    full_batch = waiting_.size() == batch_size;
  }
  if (full_batch)
    changed_.notify_all();
}

void otlp_exporter::run() {
  net::http_client client{1};
  client.reset([this](const std::vector<net::http_response>& responses) {
    for (const auto& response : responses)
      receive(response);
  });
  std::unique_lock lock{mutex_};
  for (std::uint64_t ticket = 1;; ++ticket) {
    changed_.wait_for(lock, batch_time, [this] { return ended_ || waiting_.size() >= batch_size; });
    if (ended_ && (waiting_.empty() || clock::now() >= give_up_at_))
      break;
    if (waiting_.empty())
      continue;
    const auto batch = take_batch();
    lock.unlock();
    send(client, ticket, batch);
    lock.lock();
    (await_answer(lock, ticket) ? counts_.spans_exported : counts_.spans_dropped) += batch.size();
  }
  counts_.spans_dropped += waiting_.size();
}

std::vector<request_span> otlp_exporter::take_batch() {
  const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), batch_size));
  const auto end = waiting_.begin() + count;
  std::vector<request_span> batch{std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end)};
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void otlp_exporter::send(net::http_client& client, std::uint64_t ticket,
                         const std::vector<request_span>& batch) const {
  net::http_request request;
  request.ticket = ticket;
  request.url = endpoint_;
  request.headers = {"Content-Type: application/json"};
  request.body = encode_spans(batch, GUARDRAILS_VERSION);
  request.timeout = send_time;
  request.connect_timeout = send_time;
  request.max_response_bytes = 64u << 10;
  client.submit(std::move(request));
}

bool otlp_exporter::await_answer(std::unique_lock<std::mutex>& lock, std::uint64_t ticket) {
  while (answered_ != ticket) {
    if (!ended_)
      changed_.wait(lock); // the client answers within send_time
    else if (changed_.wait_until(lock, give_up_at_) == std::cv_status::timeout)
      return answered_ == ticket && accepted_;
  }
  return accepted_;
}

void otlp_exporter::receive(const net::http_response& response) {
  {
    const std::lock_guard guard{mutex_};
    answered_ = response.ticket;
    accepted_ = response.result == net::transfer_result::ok && response.status / 100 == 2;
  }
  changed_.notify_all();
}

} // namespace guardrails::gateway
