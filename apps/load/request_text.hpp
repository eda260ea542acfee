// The requests that a load test sends, as bytes.
#pragma once

#include "apps/load/http_url.hpp"

#include <guardrails/generation.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::load {

/// A name and a value that may stand in a request.
struct header {
  std::string name;
  std::string value;
};

/// `NAME: VALUE`. Nothing: not one, or one that the generator writes itself (Host, Content-Length,
/// Transfer-Encoding, Connection, Expect).
std::optional<header> parse_header(std::string_view text);

/// A word such as GET, of letters; CONNECT is none, its answer ends the conversation.
bool is_method(std::string_view text) noexcept;

/// The body of a chat completion.
std::string chat_body(std::string_view model, std::span<const chat_message> messages, bool stream);

/// HTTP/1.1. A Content-Type among `headers` replaces application/json. Without a `body` there is none.
std::string request_text(const http_url& where, std::string_view method, const std::vector<header>& headers,
                         const std::optional<std::string>& body);

} // namespace guardrails::load
