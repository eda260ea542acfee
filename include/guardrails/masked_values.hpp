// What stands behind the placeholders of one generation.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace guardrails {

/// The originals that a request's placeholders stand for, by a placeholder's letters and digits in capitals:
/// `EMAILADDRESS1` for `<EMAIL_ADDRESS_1>`. They belong to one generation and are dropped with it. On the
/// wire they travel whole; wherever people may read along (logs, to_string, JSON) only their number is shown.
class masked_values {
public:
  using wire_type = std::map<std::string, std::string>;

  /// Keeps `original` unless there is one for `key`; whether it did.
  bool add(std::string key, std::string original) {
    return originals_.try_emplace(std::move(key), std::move(original)).second;
  }

  /// The original; null: the placeholder is none of ours.
  const std::string* find(std::string_view key) const {
    const auto found = originals_.find(key);
    return found == originals_.end() ? nullptr : &found->second;
  }

  bool empty() const noexcept { return originals_.empty(); }
  std::size_t size() const noexcept { return originals_.size(); }

  /// All that may be printed.
  std::string to_public() const { return std::to_string(size()) + " masked values"; }

  wire_type to_wire() const { return {originals_.begin(), originals_.end()}; }
  static masked_values from_wire(wire_type wire) {
    masked_values result;
    result.originals_.insert(wire.begin(), wire.end());
    return result;
  }

private:
  std::map<std::string, std::string, std::less<>> originals_;
};

} // namespace guardrails
