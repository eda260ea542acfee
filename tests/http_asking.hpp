// Asking an HTTP client from a test: requests, and a place where answers arrive.
#pragma once

#include "net/http_client.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace guardrails::test {

/// Collects answers; waits for them with a limit that only tells "late" from "never".
class inbox {
public:
  net::http_client::sink sink() {
    return [this](std::vector<net::http_response> batch) {
      const std::lock_guard guard{mutex_};
      for (auto& response : batch) {
        ++count_;
        const auto ticket = response.ticket;
        answers_.insert_or_assign(ticket, std::move(response));
      }
      changed_.notify_all();
    };
  }

  net::http_response wait_for(std::uint64_t ticket) {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, std::chrono::seconds{20}, [&] { return answers_.contains(ticket); }))
      return {ticket, net::transfer_result::ok, 999, {}, {}, "never answered", true};
    return answers_[ticket];
  }

  bool wait_for_count(std::size_t count) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::seconds{60}, [&] { return count_ >= count; });
  }

  std::size_t count() const {
    const std::lock_guard guard{mutex_};
    return count_;
  }

  std::size_t count_of(net::transfer_result result) const {
    const std::lock_guard guard{mutex_};
    return static_cast<std::size_t>(
      std::ranges::count_if(answers_, [&](const auto& entry) { return entry.second.result == result; }));
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, net::http_response> answers_;
  std::size_t count_ = 0;
};

inline net::http_request post(std::uint64_t ticket, std::string url, std::string model = "m") {
  net::http_request request;
  request.ticket = ticket;
  request.url = std::move(url);
  request.headers = {"Content-Type: application/json", "Authorization: Bearer secret-key"};
  request.body = R"({"model":")" + model + R"(","messages":[{"role":"user","content":"private prompt"}]})";
  request.timeout = std::chrono::seconds{10};
  return request;
}

inline net::http_response ask(net::http_request request, std::uint32_t connections = 4) {
  inbox answers;
  net::http_client client{connections};
  client.reset(answers.sink());
  const auto ticket = request.ticket;
  client.submit(std::move(request));
  return answers.wait_for(ticket);
}

/// Whether there is a problem and its text has nothing of what post() sends.
inline bool quotes_nothing(const net::http_response& response) {
  return !response.problem.empty() && response.problem.find("secret-key") == std::string::npos &&
         response.problem.find("private") == std::string::npos &&
         response.problem.find("X-") == std::string::npos;
}

} // namespace guardrails::test
