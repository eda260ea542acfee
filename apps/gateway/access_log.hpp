// One line of JSON for each answer, without anything of the texts. A reader that is slow loses lines, never
// holds up an answer.
#pragma once

#include "apps/gateway/metrics.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

namespace guardrails::gateway {

/// What a line says of one answer.
struct access_entry {
  std::string request_id;
  std::string trace_id; ///< empty: none
  std::string key;      ///< the name of the client's key; empty: none
  std::string method;
  route to = route::none;
  unsigned status = 0;
  std::size_t bytes = 0;
  std::chrono::microseconds duration{0};
  std::string config_version;
  std::optional<block_reason> blocked;
};

std::string line_of(const access_entry& entry, std::chrono::system_clock::time_point now);

/// Writes lines on a thread of its own. Thread-safe.
class access_log {
public:
  access_log(std::ostream& out, metrics& counts);
  ~access_log(); ///< writes what waits
  access_log(const access_log&) = delete;
  access_log& operator=(const access_log&) = delete;

  void write(std::string line);

private:
  void run();

  static constexpr std::size_t most_waiting = 8192;

  std::ostream& out_;
  metrics& counts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  bool ended_ = false;
  std::thread writer_;
};

} // namespace guardrails::gateway
