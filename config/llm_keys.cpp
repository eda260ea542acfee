// The keys of `llm`.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

namespace {

/// The model's name has another key with bedrock; each of the two is set where it is the one.
field<std::string> model_named(bool by_id) {
  auto get = [by_id](const rails_config& config) -> std::optional<std::string> {
    if (!config.llm || config.llm->model.empty() || (config.llm->engine == llm_engine::bedrock) != by_id)
      return std::nullopt;
    return config.llm->model;
  };
  return {get, [](rails_config& config, std::string name) { config.llm->model = std::move(name); }};
}

void add_azure_keys(std::vector<key>& keys) {
  const auto azure = set_of(llm_engine::azure_openai);
  keys.push_back(value("llm.endpoint", in_llm(&llm_config::endpoint), text(upstream_url),
                       "The resource's address, such as https://NAME.openai.azure.com.")
                   .only(azure)
                   .required_by(azure)
                   .by_default("none: must be given for azure_openai"));
  keys.push_back(value("llm.api_version", in_llm(&llm_config::api_version), text(plain_name),
                       "The version of the resource's interface.")
                   .only(azure)
                   .required_by(azure)
                   .by_default("none: must be given for azure_openai"));
}

void add_bedrock_keys(std::vector<key>& keys) {
  const auto bedrock = set_of(llm_engine::bedrock);
  const auto add = [&](key_entry entry) {
    keys.push_back(
      std::move(entry).only(bedrock).required_by(bedrock).by_default("none: must be given for bedrock"));
  };
  add(value("llm.model_id", model_named(true), text(one_line),
            "The model's name at Bedrock, an inference profile, or the ARN of either."));
  add(value("llm.aws_access_key", in_llm(&llm_config::aws_access_key), optional_text(header_value),
            "The access key that requests are signed for."));
  add(value("llm.aws_secret_key", in_llm(&llm_config::aws_secret_key), optional_text(header_value),
            "The secret key that they are signed with; it is not sent."));
  add(value("llm.aws_region", in_llm(&llm_config::aws_region), text(plain_name), "The region."));
  keys.push_back(value("llm.aws_session_token", in_llm(&llm_config::aws_session_token),
                       optional_text(header_value), "The session token of temporary keys.")
                   .only(bedrock));
}

} // namespace

void add_llm_keys(std::vector<key>& keys) {
  auto llm = section("llm", "The language model; without this section only the input is validated.");
  llm.made.open = [](rails_config& config) { config.llm.emplace(); };
  llm.made.present = [](const rails_config& config) { return config.llm.has_value(); };
  keys.push_back(std::move(llm));

  const auto openai = set_of(llm_engine::openai);
  const auto echo = set_of(llm_engine::echo);
  const auto bedrock = set_of(llm_engine::bedrock);
  const auto compatible = set_of(llm_engine::openai_compatible);
  const auto with_key = engines_but(bedrock | compatible | echo);
  keys.push_back(value("llm.engine", in_llm(&llm_config::engine), {},
                       "The provider's interface; echo is an embedded stand-in for demos and tests.")
                   .required_by(every_engine)
                   .by_default("none: must be given"));
  keys.push_back(value("llm.model", model_named(false), text(one_line),
                       "The model's name at the provider; of azure_openai that of the deployment.")
                   .only(engines_but(bedrock))
                   .required_by(with_key | compatible)
                   .by_default("none: must be given, but for echo"));
  keys.push_back(value("llm.api_key", in_llm(&llm_config::api_key), optional_text(header_value),
                       "The key sent to the provider; write it as ${NAME} to take it from the environment.")
                   .only(with_key | compatible)
                   .required_by(with_key)
                   .by_default("none: must be given, but for openai_compatible"));
  keys.push_back(value("llm.base_url", in_llm(&llm_config::base_url), text(upstream_url),
                       "Where the interface is, up to its version: without the trailing /chat/completions, "
                       "/messages, /models or /model.")
                   .only(engines_but(set_of(llm_engine::azure_openai) | echo))
                   .required_by(compatible)
                   .by_default("the provider's own; must be given for openai_compatible"));
  keys.push_back(value("llm.organization", in_llm(&llm_config::organization), optional_text(header_value),
                       "The organization that is charged.")
                   .only(openai));
  add_azure_keys(keys);
  keys.push_back(value("llm.version", in_llm(&llm_config::anthropic_version), text(plain_name),
                       "The version of Anthropic's interface.")
                   .only(set_of(llm_engine::anthropic)));
  add_bedrock_keys(keys);
  keys.push_back(value("llm.temperature", in_llm(&llm_config::temperature), between(0, 2),
                       "Sampling temperature; not sent when absent, so that the provider's own applies."));
  keys.push_back(
    value("llm.top_p", in_llm(&llm_config::top_p), between(0, 1), "Nucleus sampling; not sent when absent."));
  keys.push_back(value("llm.max_tokens", in_llm(&llm_config::max_tokens), between(1, 10'000'000),
                       "The longest answer, in tokens; not sent when absent, but for anthropic, which wants "
                       "one: 1024."));
  keys.push_back(value("llm.stop", in_llm(&llm_config::stop), texts(16), "Texts that end the answer."));
  keys.push_back(value("llm.timeout", in_llm(&llm_config::timeout), between(1, 24 * hour),
                       "The time for a whole generation, retries included."));
  keys.push_back(value("llm.connect_timeout", in_llm(&llm_config::connect_timeout), between(1, hour),
                       "The time for connecting to the provider."));
  keys.push_back(section("llm.retries", "Further attempts after a failure that may pass."));
  keys.push_back(value("llm.retries.max", in_llm(&llm_config::retries, &retry_config::max), between(0, 100),
                       "Attempts after the first one."));
  keys.push_back(value("llm.retries.backoff", in_llm(&llm_config::retries, &retry_config::backoff),
                       between(0, hour),
                       "The wait before the first retry; doubles each time, with full jitter."));
  auto statuses = between(400, 599);
  statuses.max_items = 200;
  keys.push_back(value("llm.retries.retry_on", in_llm(&llm_config::retries, &retry_config::retry_on),
                       statuses,
                       "HTTP statuses that are worth another attempt; failures to connect always are."));
  keys.push_back(section("llm.pool", "How much each lane may have under way."));
  keys.push_back(value("llm.pool.max_connections", in_llm(&llm_config::pool, &pool_config::max_connections),
                       between(1, 4096), "Open connections to the provider, per lane."));
  keys.push_back(value("llm.pool.max_in_flight", in_llm(&llm_config::pool, &pool_config::max_in_flight),
                       between(1, 1'000'000), "Generations a lane may hold, waiting ones included."));
  keys.push_back(value("llm.proxy", in_llm(&llm_config::proxy), optional_text(proxy_url),
                       "The proxy through which the provider is reached; its credentials are never shown.")
                   .only(remote_engines)
                   .shown_as(without_credentials));
  keys.push_back(value("llm.ca_file", in_llm(&llm_config::ca_file), optional_text(one_line),
                       "A file with the certificates to trust instead of the system's.")
                   .only(remote_engines));
  keys.push_back(value("llm.max_response_bytes", in_llm(&llm_config::max_response_bytes),
                       between(1, 1u << 30), "The longest answer in bytes; a longer one is an error."));
  keys.push_back(value("llm.latency", in_llm(&llm_config::latency), between(0, hour),
                       "How long the stand-in waits before it answers.")
                   .only(echo));
  keys.push_back(value("llm.tokens_per_second", in_llm(&llm_config::tokens_per_second), between(0, 1'000'000),
                       "How fast the stand-in streams; 0 answers at once.")
                   .only(echo));
}

void add_missing_llm_keys(std::vector<key>& keys) {
  const auto add = [&](std::string path, std::string doc) {
    keys.push_back(missing(std::move(path), missing_form::none, std::move(doc)));
  };
  add("llm.fallbacks", "Further targets to ask when this one fails.");
  add("llm.weight", "The share of requests a target gets.");
  add("llm.circuit_breaker", "When a failing target is left alone.");
}

} // namespace guardrails::config
