// Keys of cloud providers, and of what runs and configures machines there.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> cloud_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    // Access key identifiers are Base32 (RFC 4648); keys without their secret half still name an account.
    {"AWS_ACCESS_KEY", "AKIA", "[A-Z2-7]{16}", 2.5},
    {"AWS_ACCESS_KEY", "ASIA", "[A-Z2-7]{16}", 2.5},
    {"AWS_ACCESS_KEY", "ABIA", "[A-Z2-7]{16}", 2.5},
    {"AWS_ACCESS_KEY", "ACCA", "[A-Z2-7]{16}", 2.5},
    {"AWS_ACCESS_KEY", "A3T", "[A-Z0-9][A-Z2-7]{16}", 2.5},
    {"AWS_SESSION_TOKEN", "FwoGZXIvYXdz", "[0-9A-Za-z/+]{100,900}={0,2}"},
    {"AWS_SESSION_TOKEN", "IQoJb3JpZ2lu", "[0-9A-Za-z/+]{100,900}={0,2}"},
    {"AWS_BEDROCK_KEY", "ABSKQmVkcm9ja0FQSUtleS1", "[0-9A-Za-z+/]{80,260}={0,2}", 2.5},
    {"AWS_BEDROCK_KEY", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", "[0-9A-Za-z+/]{0,900}={0,2}", 0},
    {"AMAZON_MWS_TOKEN", "amzn.mws.", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"},
    {"AMAZON_CLIENT_SECRET", "amzn1.oa2-cs.v1.", "[0-9a-f]{64}"},
    {"AZURE_SAS_SIGNATURE", "sig=", "[0-9A-Za-z%+/]{40,80}(?:%3[Dd]|=)"},
    // Google's own documentation calls these identifiers; they are secrets only where used as such.
    {"GOOGLE_API_KEY", "AIza", "[0-9A-Za-z_-]{35}", 3, doubtful},
    {"GOOGLE_CLIENT_SECRET", "GOCSPX-", "[0-9A-Za-z_-]{28}"},
    {"GOOGLE_ACCESS_TOKEN", "ya29.", "[0-9A-Za-z_-]{20,500}"},
    {"GOOGLE_REFRESH_TOKEN", "1//0", "[0-9A-Za-z_-]{40,120}"},
    {"ALIBABA_ACCESS_KEY", "LTAI", "[0-9A-Za-z]{12,22}", 2.5},
    {"TENCENT_SECRET_ID", "AKID", "[0-9A-Za-z]{32}"},
    {"SCALEWAY_ACCESS_KEY", "SCW", "[0-9A-Z]{17}"},
    {"YANDEX_API_KEY", "AQVN", "[0-9A-Za-z_-]{35,38}"},
    {"YANDEX_ACCESS_TOKEN", "t1.", "[0-9A-Za-z_-]{1,100}={0,2}\\.[0-9A-Za-z_-]{60,110}={0,2}"},
    {"YANDEX_OAUTH_TOKEN", "y0_", "[0-9A-Za-z_-]{50,64}"},
    {"YANDEX_STATIC_KEY", "YC", "[0-9A-Za-z_-]{38}", 3.5},
    {"DIGITALOCEAN_TOKEN", "dop_v1_", "[0-9a-f]{64}"},
    {"DIGITALOCEAN_TOKEN", "doo_v1_", "[0-9a-f]{64}"},
    {"DIGITALOCEAN_TOKEN", "dor_v1_", "[0-9a-f]{64}"},
    {"HEROKU_API_KEY", "HRKU-AA", "[0-9A-Za-z_-]{58}"},
    {"FLYIO_TOKEN", "fo1_", "[0-9A-Za-z_-]{43}"},
    {"FLYIO_TOKEN", "fm1a_", "[0-9A-Za-z+/]{90,900}={0,3}"},
    {"FLYIO_TOKEN", "fm1r_", "[0-9A-Za-z+/]{90,900}={0,3}"},
    {"FLYIO_TOKEN", "fm2_", "[0-9A-Za-z+/]{90,900}={0,3}"},
    {"CLOUDFLARE_ORIGIN_CA_KEY", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"},
    {"CLOUDFLARE_API_TOKEN", "cfat_", "[0-9A-Za-z]{48}"},
    {"CLOUDFLARE_API_TOKEN", "cfut_", "[0-9A-Za-z]{48}"},
    {"CLOUDFLARE_API_TOKEN", "cfk_", "[0-9A-Za-z]{48}"},
    {"VAULT_TOKEN", "hvs.", "[0-9A-Za-z_-]{24,300}"},
    {"VAULT_TOKEN", "hvb.", "[0-9A-Za-z_-]{24,300}"},
    {"VAULT_TOKEN", "hvr.", "[0-9A-Za-z_-]{24,300}"},
    {"PULUMI_TOKEN", "pul-", "[0-9a-f]{40}"},
    {"DOPPLER_TOKEN", "dp.", "(?:pt|st|ct|sa|scim|audit)\\.(?:[0-9A-Za-z_-]{2,35}\\.)?[0-9A-Za-z]{40,44}"},
    {"OPENSHIFT_TOKEN", "sha256~", "[0-9A-Za-z_-]{43}"},
    {"DATABRICKS_TOKEN", "dapi", "[0-9A-Fa-f]{32}(?:-[0-9])?"},
    {"NETLIFY_TOKEN", "nfp_", "[0-9A-Za-z]{36}"},
    {"RENDER_API_KEY", "rnd_", "[0-9A-Za-z]{28,32}"},
    {"VERCEL_TOKEN", "vercel_blob_rw_", "[0-9A-Za-z_]{30,60}"},
    {"SUPABASE_TOKEN", "sbp_", "[0-9a-f]{40}"},
    {"SUPABASE_KEY", "sb_secret_", "[0-9A-Za-z_-]{22,40}"},
    {"PLANETSCALE_TOKEN", "pscale_tkn_", "[0-9A-Za-z=._-]{32,64}"},
    {"PLANETSCALE_TOKEN", "pscale_oauth_", "[0-9A-Za-z=._-]{32,64}"},
    {"PLANETSCALE_PASSWORD", "pscale_pw_", "[0-9A-Za-z=._-]{32,64}"},
    {"CLICKHOUSE_CLOUD_KEY", "4b1d", "[0-9A-Za-z]{38}"},
    {"COCKROACHDB_CLOUD_KEY", "CCDB1_", "[0-9A-Za-z]{22}_[0-9A-Za-z]{40}"},
    {"MONGODB_ATLAS_SECRET", "mdb_sa_sk_", "[0-9A-Za-z_-]{36,44}"},
    {"AIVEN_PASSWORD", "AVNS_", "[0-9A-Za-z_-]{19,24}"},
    {"NEON_API_KEY", "napi_", "[0-9a-z]{40,80}"},
    {"TAILSCALE_KEY", "tskey-", "[a-z]{3,10}-[0-9A-Za-z]{10,20}-[0-9A-Za-z]{20,40}"},
    {"DEFINED_NETWORKING_TOKEN", "dnkey-", "[0-9A-Za-z=_-]{26}-[0-9A-Za-z=_-]{52}"},
    {"SCALINGO_TOKEN", "tk-us-", "[0-9A-Za-z_-]{48}"},
    {"INFRACOST_API_KEY", "ico-", "[0-9A-Za-z]{32}"},
    {"SETTLEMINT_TOKEN", "sm_pat_", "[0-9A-Za-z]{16}"},
    {"SETTLEMINT_TOKEN", "sm_aat_", "[0-9A-Za-z]{16}"},
    {"SETTLEMINT_TOKEN", "sm_sat_", "[0-9A-Za-z]{16}"},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
