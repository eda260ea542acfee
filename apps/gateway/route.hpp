// Which endpoint a request line means.
#pragma once

#include <guardrails/enum_names.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace guardrails::gateway {

enum class route : std::uint8_t {
  chat_completions,
  completions,
  embeddings,
  moderations,
  models,
  guardrails_check,
  chat,
  healthz,
  readyz,
  version,
  admin_config,
  metrics,
  openapi,
  page, ///< one of the files that a browser shows
  none, ///< no such page, or no request at all
};
BOOST_DESCRIBE_ENUM(route, chat_completions, completions, embeddings, moderations, models, guardrails_check,
                    chat, healthz, readyz, version, admin_config, metrics, openapi, page, none)

inline constexpr std::size_t route_count = static_cast<std::size_t>(route::none) + 1;

/// One entry of the table of endpoints.
struct page {
  std::string_view path;
  std::string_view method; ///< the one it has
  route to = route::none;
  bool needs_key = false; ///< where keys are configured
};

std::span<const page> all_pages() noexcept;

/// Of the endpoint's page; empty where there is none.
std::string_view path_of(route to) noexcept;

struct route_match {
  route to = route::none;
  std::string_view allow{}; ///< the methods the page has; empty: no such page
  bool method_fits = false;
  bool needs_key = false; ///< where keys are configured
};

/// Whether its answer takes a while, as the model and the checks do: such requests are bounded in number.
constexpr bool needs_admission(route to) noexcept {
  return to == route::chat_completions || to == route::completions || to == route::embeddings ||
         to == route::chat || to == route::moderations || to == route::guardrails_check;
}

/// Where the files of the page are, but for the first.
inline constexpr std::string_view page_folder = "/page/";

/// By which of the server's addresses a request came.
enum class entrance : std::uint8_t {
  only,      ///< there is one for everything
  clients,   ///< administration has another
  operators, ///< --admin-listen
};

bool is_served(route to, entrance by) noexcept;

/// `target` as in the request line; what follows a `?` is ignored.
std::string_view path_of(std::string_view target) noexcept;

route_match find_route(std::string_view method, std::string_view target) noexcept;

} // namespace guardrails::gateway
