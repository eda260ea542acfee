// How the last request called itself, for tests that follow a request to the model.
#pragma once

#include <boost/json.hpp>

#include <mutex>
#include <string>
#include <utility>

namespace guardrails::mock_llm {

/// Thread-safe.
class last_names {
public:
  void set(std::string request_id, std::string traceparent) {
    const std::lock_guard guard{mutex_};
    request_id_ = std::move(request_id);
    traceparent_ = std::move(traceparent);
  }

  std::string to_json() const {
    const std::lock_guard guard{mutex_};
    return boost::json::serialize(
      boost::json::object{{"x-request-id", request_id_}, {"traceparent", traceparent_}});
  }

private:
  mutable std::mutex mutex_;
  std::string request_id_;
  std::string traceparent_;
};

} // namespace guardrails::mock_llm
