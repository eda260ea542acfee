// Tokens of applications: documents, design, projects, maps, identity.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> application_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    {"ONEPASSWORD_SECRET_KEY", "A3-",
     "[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}"},
    {"ONEPASSWORD_TOKEN", "ops_eyJ", "[0-9A-Za-z+/_-]{200,1000}={0,2}"},
    {"AGE_SECRET_KEY", "AGE-SECRET-KEY-1", "[02-9AC-HJ-NP-Z]{58}"},
    {"NOTION_TOKEN", "ntn_", "[0-9]{10,12}[0-9A-Za-z]{34,38}"},
    {"NOTION_TOKEN", "secret_", "[0-9A-Za-z]{43}"},
    {"LINEAR_API_KEY", "lin_api_", "[0-9A-Za-z]{40,42}"},
    {"LINEAR_TOKEN", "lin_oauth_", "[0-9A-Za-z]{40,64}"},
    {"FIGMA_TOKEN", "figd_", "[0-9A-Za-z_-]{40}"},
    {"FIGMA_TOKEN", "figu_", "[0-9A-Za-z_-]{40}"},
    {"HUBSPOT_TOKEN", "pat-",
     "(?:na|eu|ap)[0-9]-[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"},
    {"TYPEFORM_TOKEN", "tfp_", "[0-9A-Za-z_.=-]{40,60}"},
    {"CONTENTFUL_TOKEN", "CFPAT-", "[0-9A-Za-z_-]{43}"},
    {"MAPBOX_TOKEN", "sk.eyJ", "[0-9A-Za-z_-]{50,110}\\.[0-9A-Za-z_-]{20,24}"},
    {"MAPBOX_TOKEN", "pk.", "[0-9A-Za-z_-]{60,110}\\.[0-9A-Za-z_-]{20,24}"},
    {"ADOBE_CLIENT_SECRET", "p8e-", "[0-9A-Za-z]{32}"},
    {"FRAMEIO_TOKEN", "fio-u-", "[0-9A-Za-z=_-]{64}"},
    {"DROPBOX_TOKEN", "sl.", "[0-9A-Za-z_=-]{100,900}"},
    {"INTRA42_CLIENT_SECRET", "s-s4t2ud-", "[0-9a-f]{64}"},
    {"INTRA42_CLIENT_SECRET", "s-s4t2af-", "[0-9a-f]{64}"},
    {"ASANA_TOKEN", "1/", "[0-9]{16}:[0-9a-f]{32}"},
    {"ASANA_TOKEN", "2/", "[0-9]{16}/[0-9]{16}:[0-9a-f]{32}"},
    {"LINKEDIN_CLIENT_SECRET", "WPL_AP1.", "[0-9A-Za-z]{16}\\.[0-9A-Za-z+/]{6,8}={0,2}"},
    {"INTERCOM_TOKEN", "dG9rO", "[0-9A-Za-z+/]{45,65}={0,2}"},
    {"DNSIMPLE_TOKEN", "dnsimple_", "[au]_[0-9A-Za-z]{32,50}"},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
