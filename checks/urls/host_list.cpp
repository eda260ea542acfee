// Looks a name up as it is, then label by label as a subdomain.
#include "checks/urls/host_list.hpp"

#include <guardrails/errors.hpp>

#include <charconv>

namespace guardrails::checks::urls {

namespace {

struct written_entry {
  std::string_view name;
  std::optional<std::uint32_t> port;
  bool subdomains = false;
};

written_entry split(std::string_view text) {
  written_entry entry;
  entry.subdomains = text.starts_with("*.");
  text.remove_prefix(entry.subdomains ? 2 : 0);
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    std::uint32_t port = 0;
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    entry.port = port;
    text = text.substr(0, colon);
  }
  entry.name = text;
  return entry;
}

} // namespace

host_list::host_list(std::span<const std::string> entries, const std::string& key_path,
                     const host_reader& reader) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto written = split(entries[i]);
    auto found = reader.read(written.name);
    if (found.disguise == invalid_host)
      throw config_error({}, key_path + "[" + std::to_string(i) + "]", "is no host");
    (written.subdomains ? subdomains_ : exact_)[std::move(found.name)].push_back({written.port, i});
  }
}

std::optional<std::size_t> host_list::find(std::string_view name, std::optional<std::uint32_t> port) const {
  if (const auto found = find_in(exact_, name, port))
    return found;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    name.remove_prefix(dot + 1);
    if (const auto found = find_in(subdomains_, name, port))
      return found;
  }
  return std::nullopt;
}

std::optional<std::size_t> host_list::find_in(const table& entries, std::string_view name,
                                              std::optional<std::uint32_t> port) {
  const auto found = entries.find(name);
  if (found == entries.end())
    return std::nullopt;
  for (const auto& e : found->second)
    if (!e.port || e.port == port)
      return e.index;
  return std::nullopt;
}

} // namespace guardrails::checks::urls
