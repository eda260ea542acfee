// A text travels when it reads as the configuration it came from; `${NAME}` is every reader's own.
#include "config/portable_text.hpp"

#include "config/environment.hpp"

#include <algorithm>
#include <array>

namespace guardrails::config {

namespace {

std::array<const secret*, 7> secrets_of(const rails_config& config) {
  const auto& rails = config.guardrails;
  const auto* llm = config.llm ? &*config.llm : nullptr;
  return {llm ? &llm->api_key : nullptr,
          llm ? &llm->aws_access_key : nullptr,
          llm ? &llm->aws_secret_key : nullptr,
          llm ? &llm->aws_session_token : nullptr,
          &rails.toxicity.api_key,
          &rails.content_class.api_key,
          &rails.pii.mask_key};
}

bool has_secrets(const rails_config& config) {
  return std::ranges::any_of(secrets_of(config), [](const secret* x) { return x && !x->empty(); });
}

/// Proxies may hold credentials, which are a secret that is no value of its own.
bool holds_credentials(const rails_config& config) {
  const auto holds = [](const std::string& url) { return url.find('@') != std::string::npos; };
  return (config.llm && holds(config.llm->proxy)) || holds(config.guardrails.toxicity.proxy) ||
         holds(config.guardrails.content_class.proxy);
}

/// Whether a secret's value stands in the text, rather than the name of a variable.
bool quotes_secret(const rails_config& config) {
  const auto stands = [&](const std::string& value) {
    return !value.empty() && config.source.find(value) != std::string::npos;
  };
  if (std::ranges::any_of(secrets_of(config), [&](const secret* x) { return x && stands(x->reveal()); }))
    return true;
  const std::array proxies{config.llm ? config.llm->proxy : std::string{}, config.guardrails.toxicity.proxy,
                           config.guardrails.content_class.proxy};
  return std::ranges::any_of(
    proxies, [&](const std::string& url) { return url.find('@') != std::string::npos && stands(url); });
}

bool reads_as(const std::string& yaml, const rails_config& config) {
  try {
    return rails_config::from_content(yaml).version() == config.version();
  } catch (const config_error&) {
    return false;
  }
}

} // namespace

portable_text make_portable(const rails_config& config, bool with_secrets) {
  if (!config.source.empty() && reads_as(config.source, config)) {
    if (!with_secrets && quotes_secret(config))
      return {{},
              "a secret stands in the configuration, and secrets travel only over TLS; write it as ${NAME}"};
    return {config.source, {}};
  }
  if (has_secrets(config) || holds_credentials(config))
    return {{}, "the configuration was made in code and has secrets, which cannot be sent to a node"};
  auto written = config.to_yaml();
  if (!reads_as(written, config))
    return {{}, "the configuration was made in code and cannot be written as YAML"};
  return {std::move(written), {}};
}

} // namespace guardrails::config
