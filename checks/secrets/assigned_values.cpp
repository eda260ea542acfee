// The table of owners.
#include "checks/secrets/assigned_values.hpp"

#include <array>

namespace guardrails::checks::secrets {

namespace {

constexpr std::string_view uuid =
  "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}";

constexpr auto values = std::to_array<assigned_value>({
  {"AIRTABLE_API_KEY", "airtable",
   "(?:key[0-9A-Za-z]{14}|pat[0-9A-Za-z]{14}\\.[0-9a-f]{64}|[0-9A-Za-z]{17})"},
  {"ALGOLIA_API_KEY", "algolia", "[0-9a-z]{32}"},
  {"ALIBABA_SECRET_KEY", "alibaba", "[0-9A-Za-z]{30}"},
  {"ALIBABA_SECRET_KEY", "aliyun", "[0-9A-Za-z]{30}"},
  {"ARTIFACTORY_TOKEN", "artifactory", "[0-9A-Za-z]{64,73}"},
  {"ARTIFACTORY_TOKEN", "jfrog", "[0-9A-Za-z]{64,73}"},
  {"ASANA_TOKEN", "asana", "(?:[0-9]{16}|[0-9a-z]{32})"},
  {"ATLASSIAN_TOKEN", "atlassian", "[0-9A-Za-z]{20,24}"},
  {"ATLASSIAN_TOKEN", "confluence", "[0-9A-Za-z]{20,24}"},
  {"ATLASSIAN_TOKEN", "jira", "[0-9A-Za-z]{20,24}"},
  {"AWS_SECRET_KEY", "awssecret", "[0-9A-Za-z/+]{40}"},
  {"AWS_SECRET_KEY", "secretaccesskey", "[0-9A-Za-z/+]{40}"},
  {"AZURE_CLIENT_SECRET", "azureclientsecret", "[0-9A-Za-z._~-]{32,44}"},
  {"BITBUCKET_TOKEN", "bitbucket", "[0-9A-Za-z=_-]{32,64}"},
  {"CLOUDFLARE_API_TOKEN", "cloudflare", "(?:[0-9A-Za-z_-]{40}|[0-9a-f]{37})"},
  {"CLOUDANT_PASSWORD", "cloudant", "(?:[0-9a-f]{64}|[a-z]{24})"},
  {"COHERE_API_KEY", "cohere", "[0-9A-Za-z]{40}"},
  {"CONFLUENT_KEY", "confluent", "(?:[0-9A-Za-z]{16}|[0-9A-Za-z+/]{64})"},
  {"DATADOG_KEY", "datadog", "[0-9a-z]{32,40}"},
  {"DISCORD_CREDENTIAL", "discord", "(?:[0-9]{17,19}|[0-9A-Za-z_-]{32})"},
  {"DROPBOX_TOKEN", "dropbox", "[0-9a-z]{15}"},
  {"ETSY_TOKEN", "etsy", "[0-9a-z]{24}"},
  {"FACEBOOK_SECRET", "facebook", "[0-9a-f]{32}"},
  {"FINICITY_TOKEN", "finicity", "[0-9A-Za-z]{20,32}"},
  {"FINNHUB_TOKEN", "finnhub", "[0-9a-z]{20}"},
  {"FLICKR_KEY", "flickr", "(?:[0-9a-f]{16}|[0-9a-z]{32})"},
  {"HEROKU_API_KEY", "heroku", uuid},
  {"HUBSPOT_API_KEY", "hubspot", uuid},
  {"IBM_COS_SECRET_KEY", "secretaccesskey", "[0-9a-f]{48}"},
  {"IBM_COS_SECRET_KEY", "cos", "[0-9a-f]{48}"},
  {"IBM_CLOUD_KEY", "ibm", "[0-9A-Za-z_-]{44}"},
  {"KUCOIN_TOKEN", "kucoin", "[0-9a-f]{24}"},
  {"KUCOIN_TOKEN", "kucoin", uuid},
  {"LINKEDIN_CREDENTIAL", "linkedin", "[0-9A-Za-z]{14,16}"},
  {"LOB_KEY", "lob", "(?:live|test)_(?:pub_)?[0-9a-f]{31,35}"},
  {"LOOKER_CREDENTIAL", "looker", "[0-9A-Za-z]{20,24}"},
  {"MAILGUN_SIGNING_KEY", "mailgun", "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}"},
  {"MAXMIND_LICENSE_KEY", "maxmind", "(?:[0-9A-Za-z]{16}|[0-9A-Za-z]{6}_[0-9A-Za-z]{29}_mmk)"},
  {"MERAKI_API_KEY", "meraki", "[0-9a-f]{40}"},
  {"MESSAGEBIRD_TOKEN", "messagebird", "[0-9A-Za-z]{25}"},
  {"MESSAGEBIRD_TOKEN", "messagebird", uuid},
  {"MISTRAL_API_KEY", "mistral", "[0-9A-Za-z]{32}"},
  {"NPM_TOKEN", "npmjs", uuid},
  {"OKTA_TOKEN", "okta", "(?:00)?[0-9A-Za-z_=-]{40,42}"},
  {"PLAID_SECRET", "plaid", "[0-9A-Za-z]{24,30}"},
  {"RAPIDAPI_KEY", "rapidapi", "[0-9A-Za-z_-]{50}"},
  {"SENDBIRD_TOKEN", "sendbird", "[0-9a-f]{40}"},
  {"SENDBIRD_TOKEN", "sendbird", uuid},
  {"SENTRY_TOKEN", "sentry", "[0-9a-f]{64}"},
  {"SIDEKIQ_CREDENTIAL", "contribsys", "[0-9a-f]{8}:[0-9a-f]{8}"},
  {"SNYK_TOKEN", "snyk", uuid},
  {"SOFTLAYER_KEY", "softlayer", "[0-9a-z]{64}"},
  {"SONAR_TOKEN", "sonar", "[0-9A-Za-z]{40}"},
  {"SQUARESPACE_TOKEN", "squarespace", uuid},
  {"SUMOLOGIC_KEY", "sumo", "(?:su[0-9A-Za-z]{12}|[0-9A-Za-z]{64})"},
  {"TRAVIS_TOKEN", "travis", "[0-9A-Za-z_-]{22}"},
  {"TRELLO_TOKEN", "trello", "(?:[0-9A-Za-z-]{32}|[0-9a-f]{64})"},
  {"TWITCH_TOKEN", "twitch", "[0-9a-z]{30}"},
  {"TWITTER_TOKEN", "twitter", "(?:[0-9]{15,25}-[0-9A-Za-z]{20,40}|[0-9A-Za-z]{25}|[0-9A-Za-z]{45,50})"},
  {"ZENDESK_TOKEN", "zendesk", "[0-9A-Za-z]{40}"},
});

} // namespace

std::span<const assigned_value> assigned_values() {
  return values;
}

} // namespace guardrails::checks::secrets
