// Keeps verdicts by hash, the least recently used one going first.
#include "actors/verdict_cache.hpp"

#include <openssl/evp.h>

#include <stdexcept>
#include <string>

namespace guardrails::actors {

question_hash hash_question(std::string_view policy_version, judge_subject subject, bool is_answer,
                            std::string_view text) {
  std::string whole{policy_version};
  whole += '\0'; // versions have none, so that no text can pass for a part of one
  whole += static_cast<char>(subject);
  whole += is_answer ? 'a' : 'u';
  whole += text;
  question_hash hash{};
  unsigned size = 0;
  if (EVP_Digest(whole.data(), whole.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1 ||
      size != hash.size())
    throw std::runtime_error{"SHA-256 is not available"};
  return hash;
}

std::optional<judge_verdict> verdict_cache::find(const question_hash& question, time_point now) {
  const auto found = by_hash_.find(question);
  if (found == by_hash_.end())
    return std::nullopt;
  if (found->second->expires <= now) {
    by_use_.erase(found->second);
    by_hash_.erase(found);
    return std::nullopt;
  }
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return found->second->verdict;
}

void verdict_cache::put(const question_hash& question, judge_verdict verdict, time_point expires,
                        std::size_t capacity) {
  if (const auto found = by_hash_.find(question); found != by_hash_.end()) {
    by_use_.erase(found->second);
    by_hash_.erase(found);
  }
  if (capacity > 0) {
    by_use_.push_front({question, std::move(verdict), expires});
    by_hash_.emplace(question, by_use_.begin());
  }
  while (by_hash_.size() > capacity) {
    by_hash_.erase(by_use_.back().question);
    by_use_.pop_back();
  }
}

} // namespace guardrails::actors
