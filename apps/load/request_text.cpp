// Writes the request and sees to it that no option can break its form.
#include "apps/load/request_text.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace guardrails::load {
namespace {

using boost::beast::iequals;

constexpr std::array own_headers{"host", "content-length", "transfer-encoding", "connection", "expect"};

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token_character(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_value_character(char c) noexcept {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::optional<header> parse_header(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  const auto name = text.substr(0, colon);
  const auto value = trimmed(text.substr(colon + 1));
  const bool own = std::any_of(own_headers.begin(), own_headers.end(),
                               [&](const char* mine) { return iequals(name, mine); });
  if (name.empty() || own || !std::all_of(name.begin(), name.end(), is_token_character) ||
      !std::all_of(value.begin(), value.end(), is_value_character))
    return std::nullopt;
  return header{std::string{name}, std::string{value}};
}

bool is_method(std::string_view text) noexcept {
  return !text.empty() && text != "CONNECT" && std::all_of(text.begin(), text.end(), is_letter);
}

std::string chat_body(std::string_view model, std::span<const chat_message> messages, bool stream) {
  namespace json = boost::json;
  json::array turns;
  for (const auto& each : messages)
    turns.push_back(json::object{{"role", each.role}, {"content", each.content}});
  json::object body{{"model", model}, {"messages", std::move(turns)}};
  if (stream)
    body["stream"] = true;
  return json::serialize(body);
}

std::string request_text(const http_url& where, std::string_view method, const std::vector<header>& headers,
                         const std::optional<std::string>& body) {
  std::string text;
  text.append(method).append(" ").append(where.path).append(" HTTP/1.1\r\nHost: ").append(where.authority());
  bool typed = false;
  for (const auto& [name, value] : headers) {
    text.append("\r\n").append(name).append(": ").append(value);
    typed = typed || iequals(name, "content-type");
  }
  if (body && !typed)
    text.append("\r\nContent-Type: application/json");
  if (body)
    text.append("\r\nContent-Length: ").append(std::to_string(body->size()));
  return text.append("\r\n\r\n").append(body.value_or(""));
}

} // namespace guardrails::load
