// Verdicts of remote judges, kept for texts that come again: by hash, so that no text is kept.
#pragma once

#include <guardrails/judging.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace guardrails::actors {

/// SHA-256 of what a verdict depends on; whoever could find a collision could pass off one text as another.
using question_hash = std::array<std::uint8_t, 32>;

question_hash hash_question(std::string_view policy_version, judge_subject subject, bool is_answer,
                            std::string_view text);

/// The least recently used verdict gives way. Knows no clock: times are handed in.
class verdict_cache {
public:
  using time_point = std::chrono::steady_clock::time_point;

  std::optional<judge_verdict> find(const question_hash& question, time_point now);

  /// Keeps `verdict` until `expires`, and `capacity` verdicts at most.
  void put(const question_hash& question, judge_verdict verdict, time_point expires, std::size_t capacity);

  std::size_t size() const noexcept { return by_hash_.size(); }

private:
  struct entry {
    question_hash question;
    judge_verdict verdict;
    time_point expires;
  };

  struct first_bytes {
    std::size_t operator()(const question_hash& question) const noexcept {
      std::size_t start = 0;
      std::memcpy(&start, question.data(), sizeof start);
      return start;
    }
  };

  std::list<entry> by_use_; // the latest first
  std::unordered_map<question_hash, std::list<entry>::iterator, first_bytes> by_hash_;
};

} // namespace guardrails::actors
