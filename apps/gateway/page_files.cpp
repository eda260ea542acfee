// Serves the files with what keeps a browser to them: no script, style, image or request of anywhere else.
#include "apps/gateway/page_files.hpp"

#include "apps/gateway/client_keys.hpp"
#include "apps/gateway/page_bytes.hpp"
#include "apps/gateway/route.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::gateway {
namespace {

std::string path_of_file(std::string_view name) {
  return name == "index.html" ? std::string{"/"} : std::string{page_folder}.append(name);
}

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html"))
    return "text/html; charset=utf-8";
  if (name.ends_with(".css"))
    return "text/css; charset=utf-8";
  if (name.ends_with(".js"))
    return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

// Trusted types: what an answer says cannot become markup, even by a mistake of the scripts.
constexpr std::string_view protection =
  "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
  "object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'\r\n"
  "X-Content-Type-Options: nosniff\r\n"
  "Referrer-Policy: no-referrer\r\n"
  "Cross-Origin-Resource-Policy: same-origin\r\n"
  "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
  // A new program may have new files under the same names: browsers ask each time, and are told that nothing
  // changed.
  "Cache-Control: no-cache\r\n";

std::string tag_of(std::string_view bytes) {
  constexpr std::size_t length = 8; // bytes; nobody gains by a collision
  const auto digest = digest_of(bytes);
  std::string tag{"\""};
  for (std::size_t i = 0; i < length; ++i)
    for (const auto half : {digest[i] >> 4, digest[i] & 15})
      tag += "0123456789abcdef"[half];
  return tag.append("\"");
}

/// `known`: tags between commas, weak ones too, or `*`.
bool has_tag(std::string_view known, std::string_view tag) {
  return known == "*" || known.find(tag) != std::string_view::npos;
}

} // namespace

page_files::page_files() {
  for (const auto& [name, bytes] : page_bytes)
    files_.push_back(make_file(name, bytes));
}

page_files::file page_files::make_file(std::string_view name, std::string_view bytes) {
  file made{path_of_file(name), bytes, type_of(name), tag_of(bytes), std::string{protection}};
  made.headers.append("ETag: ").append(made.tag).append("\r\n");
  return made;
}

reply page_files::answer(std::string_view path, std::string_view known_tag) const {
  const auto found = std::ranges::find(files_, path, &file::path);
  if (found == files_.end())
    return reply_of(api_error{404, "invalid_request_error", "No such page.", {}, "not_found"});
  const bool known = has_tag(known_tag, found->tag);
  reply answer{known ? 304u : 200u, known ? std::string{} : std::string{found->bytes}, found->type};
  answer.headers = found->headers;
  return answer;
}

} // namespace guardrails::gateway
