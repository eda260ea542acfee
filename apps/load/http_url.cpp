// Reads addresses strictly: what a request line or a Host header could not carry is none.
#include "apps/load/http_url.hpp"

#include <algorithm>
#include <charconv>

namespace guardrails::load {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::string_view default_path = "/v1/chat/completions";

bool is_visible(char c) noexcept {
  return c > ' ' && c < '\x7f';
}

bool is_host_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

bool is_address_character(char c) noexcept {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == '.' || c == ':';
}

bool take_port(std::string_view text, std::uint16_t& port) noexcept {
  if (text.empty())
    return true;
  if (text.front() != ':')
    return false;
  const auto* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data() + 1, last, port);
  return problem == std::errc{} && end == last && port != 0;
}

/// HOST[:PORT] or [ADDRESS][:PORT]
bool take_authority(std::string_view text, http_url& found) {
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos)
    return false;
  const auto host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  const auto rest = text.substr(bracketed ? end + 1 : end);
  found.host = host;
  return !host.empty() &&
         std::all_of(host.begin(), host.end(), bracketed ? is_address_character : is_host_character) &&
         take_port(rest, found.port);
}

} // namespace

std::string http_url::authority() const {
  std::string text;
  if (host.find(':') == std::string::npos)
    text = host;
  else
    text.append("[").append(host).append("]");
  if (port != 80)
    text.append(":").append(std::to_string(port));
  return text;
}

std::string http_url::shown() const {
  std::string text{scheme};
  return text.append(authority()).append(path, 0, path.find('?'));
}

std::optional<http_url> parse_http_url(std::string_view url) {
  if (!url.starts_with(scheme) || !std::all_of(url.begin(), url.end(), is_visible))
    return std::nullopt;
  url.remove_prefix(scheme.size());
  url = url.substr(0, url.find('#'));
  const auto path = std::min(url.find_first_of("/?"), url.size());
  http_url found;
  if (!take_authority(url.substr(0, path), found))
    return std::nullopt;
  found.path = url.substr(path);
  if (found.path.empty() || found.path == "/")
    found.path = default_path;
  else if (found.path.front() == '?')
    found.path.insert(0, default_path);
  return found;
}

} // namespace guardrails::load
