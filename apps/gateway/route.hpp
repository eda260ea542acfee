// Which endpoint a request line means.
#pragma once

#include <guardrails/enum_names.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string_view>

namespace guardrails::gateway {

enum class route : std::uint8_t {
  chat_completions,
  moderations,
  models,
  guardrails_check,
  chat,
  healthz,
  readyz,
  version,
  admin_config,
  metrics,
  none, ///< no such page, or no request at all
};
BOOST_DESCRIBE_ENUM(route, chat_completions, moderations, models, guardrails_check, chat, healthz, readyz,
                    version, admin_config, metrics, none)

inline constexpr std::size_t route_count = static_cast<std::size_t>(route::none) + 1;

struct route_match {
  route to = route::none;
  std::string_view allow{}; ///< the one method the page has; empty: no such page
  bool method_fits = false;
  bool needs_key = false; ///< where keys are configured
};

/// `target` as in the request line; what follows a `?` is ignored.
route_match find_route(std::string_view method, std::string_view target) noexcept;

} // namespace guardrails::gateway
