// Asks remote judges and waits: for callers without actors, such as guardrail_system.
#pragma once

#include "checks/rail.hpp"
#include "net/http_client.hpp"

#include <guardrails/judging.hpp>
#include <guardrails/rails_config.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace guardrails::actors {

/// Thread-safe; its I/O thread starts with the first question. Keeps no verdicts and sends each text alone.
class sync_judge {
public:
  explicit sync_judge(guardrails_config config);
  ~sync_judge();
  sync_judge(const sync_judge&) = delete;
  sync_judge& operator=(const sync_judge&) = delete;

  /// An answer to every open question, at the latest when the judges' timeouts have passed one after the
  /// other, or soon after `stop` holds.
  std::vector<judge_answer> ask(const checks::open_questions& open, bool is_answer,
                                const checks::stop_function& stop = {});

private:
  void open_client();
  judge_answer ask_one(judge_subject subject, std::string_view text, bool is_answer,
                       const checks::stop_function& stop);
  net::http_response exchange(judge_subject subject, std::string_view text, bool is_answer,
                              std::chrono::milliseconds timeout, const checks::stop_function& stop);

  guardrails_config config_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::uint64_t, net::http_response> responses_;
  std::uint64_t last_ticket_ = 0;
  std::unique_ptr<net::http_client> client_; // last: its thread uses what stands above
};

} // namespace guardrails::actors
