// Whether the mock was asked the same twice, for tests of who repeats requests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace guardrails::mock_llm {

/// Thread-safe. Remembers a million texts, by hash; later ones do not count.
class repeated_texts {
public:
  void see(std::string_view text) {
    const auto hash = std::hash<std::string_view>{}(text);
    const std::lock_guard guard{mutex_};
    if (const auto known = seen_.find(hash); known != seen_.end())
      repeated_ += !std::exchange(known->second, true);
    else if (seen_.size() < most_texts)
      seen_.emplace(hash, false);
  }

  /// How many texts came more than once.
  std::uint64_t count() const {
    const std::lock_guard guard{mutex_};
    return repeated_;
  }

  void reset() {
    const std::lock_guard guard{mutex_};
    seen_.clear();
    repeated_ = 0;
  }

private:
  static constexpr std::size_t most_texts = 1'000'000;

  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, bool> seen_; ///< whether it came again
  std::uint64_t repeated_ = 0;
};

} // namespace guardrails::mock_llm
