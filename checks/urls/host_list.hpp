// A list of hosts: exact ones, `*.example.com` for the subdomains, each for one port or for all.
#pragma once

#include "checks/urls/host.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::urls {

class host_list {
public:
  /// Throws config_error naming `key_path`[i] for an entry that is no host.
  host_list(std::span<const std::string> entries, const std::string& key_path, const host_reader& reader);

  bool empty() const noexcept { return exact_.empty() && subdomains_.empty(); }

  /// Which entry means `name` (as host_reader gives it) at `port`; nothing: none.
  std::optional<std::size_t> find(std::string_view name, std::optional<std::uint32_t> port) const;

private:
  struct entry {
    std::optional<std::uint32_t> port; // nothing: any
    std::size_t index;
  };
  using table = std::map<std::string, std::vector<entry>, std::less<>>;

  static std::optional<std::size_t> find_in(const table& entries, std::string_view name,
                                            std::optional<std::uint32_t> port);

  table exact_;
  table subdomains_; // by the name after `*.`
};

} // namespace guardrails::checks::urls
