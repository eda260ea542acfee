// Asks a gateway at a constant rate, each time something else, and judges every answer: the model behind it
// echoes.
#pragma once

#include "net/http_client.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace guardrails::test {

/// What became of one question.
enum class fate : std::uint8_t {
  open,       ///< not known yet
  generation, ///< the answer to this question
  typed,      ///< an error with a code
  wrong,      ///< an answer to another question, or a part of none
  lost,       ///< neither by the deadline
};

struct asked {
  std::chrono::steady_clock::time_point at;
  std::chrono::milliseconds took{0};
  fate became = fate::open;
};

/// The text of question `number` of a series: another for each, and nothing that a check would find.
std::string question(std::string_view series, std::uint64_t number);

/// What the body of an answer is to that question; `code` is that of a typed error.
fate judge(std::uint32_t status, std::string_view body, std::string_view question, bool streamed,
           std::string& code);

/// Every fourth question asks for a stream.
class questions {
public:
  struct plan {
    std::uint16_t port = 0; ///< on 127.0.0.1
    std::string series;
    double rate = 100;
    std::chrono::milliseconds deadline{5'000}; ///< of an answer; later ones are lost
  };

  /// Begins to ask.
  explicit questions(plan how);
  ~questions();
  questions(const questions&) = delete;
  questions& operator=(const questions&) = delete;

  /// Asks no more, and waits for what is under way. What became of each, in their order.
  const std::vector<asked>& finish();

  /// Of typed errors, by code, and of what was lost or wrong, by kind; after finish().
  const std::map<std::string, std::uint64_t>& reasons() const noexcept { return reasons_; }

private:
  using clock = std::chrono::steady_clock;

  void ask_all();
  void ask(std::uint64_t number, clock::time_point at);
  void take(const net::http_response& response);

  plan how_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<asked> all_;
  std::uint64_t answered_ = 0;
  bool stopped_ = false;
  std::map<std::string, std::uint64_t> reasons_;
  net::http_client client_;
  std::thread asker_;
};

} // namespace guardrails::test
