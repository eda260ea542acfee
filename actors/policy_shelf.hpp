// The policies of other nodes that were fetched: the latest few, by version.
#pragma once

#include <guardrails/actors.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>

namespace guardrails::actors {

/// When it is full, the policy that was put in first makes room; requests that hold it keep it.
class policy_shelf {
public:
  static constexpr std::size_t room = 16;

  policy_ref find(const std::string& version) const {
    const auto found = std::ranges::find(kept_, version, &entry::first);
    return found == kept_.end() ? policy_ref{} : found->second;
  }

  void put(std::string version, policy_ref policy) {
    std::erase_if(kept_, [&](const entry& e) { return e.first == version; });
    if (kept_.size() == room)
      kept_.pop_front();
    kept_.emplace_back(std::move(version), std::move(policy));
  }

private:
  using entry = std::pair<std::string, policy_ref>; // named by the version that was asked for

  std::deque<entry> kept_;
};

} // namespace guardrails::actors
