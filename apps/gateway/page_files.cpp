// Serves the files with what keeps a browser to them: no script, style, image or request of anywhere else.
#include "apps/gateway/page_files.hpp"

#include "apps/gateway/client_keys.hpp"
#include "apps/gateway/page_bytes.hpp"
#include "apps/gateway/route.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::gateway {
namespace {

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view css = "text/css; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";
constexpr std::string_view svg = "image/svg+xml";

// Trusted types: what an answer says cannot become markup, even by a mistake of the scripts.
constexpr std::string_view protection =
  "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
  "object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'\r\n"
  "X-Content-Type-Options: nosniff\r\n"
  "Referrer-Policy: no-referrer\r\n"
  "Cross-Origin-Opener-Policy: same-origin\r\n"
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
  files_.push_back(make_file("/", page_bytes::index_html, html));
  const auto add = [this](std::string_view name, std::string_view bytes, std::string_view type) {
    files_.push_back(make_file(std::string{page_folder}.append(name), bytes, type));
  };
  add("page.css", page_bytes::page_css, css);
  add("icon.svg", page_bytes::icon_svg, svg);
  add("api.js", page_bytes::api_js, script);
  add("chart.js", page_bytes::chart_js, script);
  add("check_text.js", page_bytes::check_text_js, script);
  add("checks.js", page_bytes::checks_js, script);
  add("elements.js", page_bytes::elements_js, script);
  add("event_stream.js", page_bytes::event_stream_js, script);
  add("exchange.js", page_bytes::exchange_js, script);
  add("figures.js", page_bytes::figures_js, script);
  add("marked_text.js", page_bytes::marked_text_js, script);
  add("page.js", page_bytes::page_js, script);
  add("playground.js", page_bytes::playground_js, script);
  add("prometheus.js", page_bytes::prometheus_js, script);
  add("readiness.js", page_bytes::readiness_js, script);
  add("spans.js", page_bytes::spans_js, script);
  add("tabs.js", page_bytes::tabs_js, script);
  add("theme.js", page_bytes::theme_js, script);
  add("trace.js", page_bytes::trace_js, script);
  add("traffic.js", page_bytes::traffic_js, script);
}

page_files::file page_files::make_file(std::string path, std::string_view bytes, std::string_view type) {
  file made{std::move(path), bytes, type, tag_of(bytes), std::string{protection}};
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
