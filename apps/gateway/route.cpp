// The table of endpoints.
#include "apps/gateway/route.hpp"

#include <algorithm>
#include <array>

namespace guardrails::gateway {
namespace {

constexpr std::array pages{
  page{"/v1/chat/completions", "POST", route::chat_completions, true},
  page{"/v1/completions", "POST", route::completions, true},
  page{"/v1/embeddings", "POST", route::embeddings, true},
  page{"/v1/moderations", "POST", route::moderations, true},
  page{"/v1/models", "GET", route::models, true},
  page{"/v1/guardrails/check", "POST", route::guardrails_check, true},
  page{"/chat", "POST", route::chat, true},
  page{"/admin/config", "POST", route::admin_config, true},
  page{"/healthz", "GET", route::healthz, false},
  page{"/readyz", "GET", route::readyz, false},
  page{"/version", "GET", route::version, false},
  page{"/metrics", "GET", route::metrics, false},
  page{"/openapi.json", "GET", route::openapi, false},
  page{"/", "GET", route::page, false},
};

} // namespace

std::span<const page> all_pages() noexcept {
  return pages;
}

std::string_view path_of(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

std::string_view path_of(route to) noexcept {
  const auto found = std::ranges::find(pages, to, &page::to);
  return found == pages.end() ? std::string_view{} : found->path;
}

route_match find_route(std::string_view method, std::string_view target) noexcept {
  const auto path = path_of(target);
  if (path == "/" || path.starts_with(page_folder))
    return {route::page, "GET, HEAD", method == "GET" || method == "HEAD", false};
  for (const auto& entry : pages)
    if (entry.path == path)
      return {entry.to, entry.method, entry.method == method, entry.needs_key};
  return {};
}

bool is_served(route to, entrance by) noexcept {
  switch (by) {
  case entrance::only:
    break;
  case entrance::clients:
    return to != route::admin_config;
  case entrance::operators:
    return to == route::admin_config || to == route::metrics || to == route::healthz || to == route::readyz ||
           to == route::version;
  }
  return true;
}

} // namespace guardrails::gateway
