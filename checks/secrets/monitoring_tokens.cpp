// Keys of monitoring, logging, analytics and feature flags.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> monitoring_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    {"GRAFANA_TOKEN", "glc_", "[0-9A-Za-z+/]{32,400}={0,3}"},
    {"GRAFANA_TOKEN", "glsa_", "[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"},
    {"GRAFANA_API_KEY", "eyJrIjoi", "[0-9A-Za-z]{60,400}={0,3}"},
    {"NEW_RELIC_KEY", "NRAK-", "[0-9A-Z]{27}"},
    {"NEW_RELIC_KEY", "NRJS-", "[0-9a-f]{19}", 2.5},
    {"NEW_RELIC_KEY", "NRII-", "[0-9A-Za-z_-]{32}"},
    {"NEW_RELIC_KEY", "NRAA-", "[0-9a-f]{27}"},
    {"NEW_RELIC_KEY", "NRRA-", "[0-9a-f]{42}"},
    {"DYNATRACE_TOKEN", "dt0c01.", "[0-9A-Za-z]{24}\\.[0-9A-Za-z]{64}"},
    {"DYNATRACE_TOKEN", "dt0s16.", "[0-9A-Za-z]{8,24}\\.[0-9A-Za-z]{64}"},
    {"SENTRY_TOKEN", "sntrys_", "[0-9A-Za-z+/=_-]{60,500}"},
    {"SENTRY_TOKEN", "sntryu_", "[0-9a-f]{64}"},
    {"HONEYCOMB_KEY", "hcaik_", "[0-9a-z]{50,64}"},
    {"LAUNCHDARKLY_KEY", "sdk-", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"},
    {"LAUNCHDARKLY_KEY", "api-", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"},
    {"POSTHOG_KEY", "phx_", "[0-9A-Za-z]{43}"},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
