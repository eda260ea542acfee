// The keys of a remote judge: `guardrails.toxicity` and `guardrails.content_class`.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

namespace {

constexpr std::size_t most_categories = 100;

/// Moderation tells toxic from other texts, and no other classes; nor does ShieldGemma's yes or no.
limits engines_of(const std::string& path) {
  limits allowed;
  if (path == "guardrails.content_class")
    allowed.choices = {"embedded", "openai_compatible"};
  return allowed;
}

limits formats_of(const std::string& path) {
  limits allowed;
  if (path == "guardrails.content_class")
    allowed.choices = {"json_verdict", "llama_guard"};
  return allowed;
}

} // namespace

void add_judge_keys(std::vector<key>& keys, const std::string& path, judge_config guardrails_config::*judge,
                    const std::string& who) {
  using j = judge_config;
  auto whole = section(path, who + "; docs/judges.md says what is sent to whom.");
  whole.made.scalar_key = "engine";
  whole.made.open = [judge](rails_config& config) { config.guardrails.*judge = {}; };
  whole.made.present = [judge](const rails_config& config) {
    return (config.guardrails.*judge).engine != judge_engine::embedded;
  };
  keys.push_back(std::move(whole));
  const auto add = [&](const char* name, auto field, limits allowed, std::string doc) {
    keys.push_back(value(path + '.' + name, std::move(field), std::move(allowed), std::move(doc)));
  };
  const auto asks = [judge](judge_engine engine) {
    return
      [judge, engine](const rails_config& config) { return (config.guardrails.*judge).engine == engine; };
  };
  const auto add_part = [&](const char* name, std::string doc) {
    keys.push_back(section(path + '.' + name, std::move(doc)));
  };
  add("engine", in_judge(judge, &j::engine), engines_of(path),
      "Who judges: the embedded model, or a service elsewhere.");
  keys.push_back(value(path + ".format", in_judge(judge, &j::format), formats_of(path),
                       "How the model of openai_compatible is asked, and answers.")
                   .where(asks(judge_engine::openai_compatible))
                   .by_default("json_verdict"));
  keys.push_back(
    value(path + ".model", in_judge(judge, &j::model), text(one_line), "The judge's name at the provider.")
      .by_default("omni-moderation-latest; must be given for openai_compatible"));
  keys.push_back(value(path + ".api_key", in_judge(judge, &j::api_key), optional_text(header_value),
                       "The key sent to the provider; write it as ${NAME} to take it from the environment.")
                   .by_default("none: must be given for OpenAI's own moderation"));
  keys.push_back(value(path + ".base_url", in_judge(judge, &j::base_url), text(upstream_url),
                       "Where the interface is, without the trailing /moderations or /chat/completions.")
                   .by_default("https://api.openai.com/v1; must be given for openai_compatible"));
  add("timeout", in_judge(judge, &j::timeout), between(1, hour),
      "The time from a question to its verdict, retries included.");
  add("connect_timeout", in_judge(judge, &j::connect_timeout), between(1, hour),
      "The time for connecting to the judge.");
  auto scores = between(0, 1);
  scores.max_items = most_categories;
  keys.push_back(
    value(path + ".thresholds", in_judge(judge, &j::thresholds), scores,
          "The score from which a category counts, in place of the provider's own (openai_moderation).")
      .where(asks(judge_engine::openai_moderation))
      .by_default("the provider's own"));
  auto batch = section(path + ".batch", "Texts that are sent in one request (openai_moderation).");
  batch.made.present = asks(judge_engine::openai_moderation);
  keys.push_back(std::move(batch));
  add("batch.size", in_judge(judge, &j::batch, &judge_batch_config::size), between(1, 1000),
      "Texts in one request, at most.");
  add("batch.wait", in_judge(judge, &j::batch, &judge_batch_config::wait), between(0, 1000),
      "How long a text waits for others to be sent with.");
  add_part("cache", "Verdicts kept for texts that come again; only hashes of texts are kept.");
  add("cache.size", in_judge(judge, &j::cache, &judge_cache_config::size), between(0, 1'000'000),
      "Verdicts kept, per lane; 0: none.");
  add("cache.ttl", in_judge(judge, &j::cache, &judge_cache_config::ttl), between(1, 24 * hour),
      "How long a verdict holds.");
  add_part("retries", "Further attempts after a failure that may pass, within the timeout.");
  add("retries.max", in_judge(judge, &j::retries, &retry_config::max), between(0, 100),
      "Attempts after the first one.");
  add("retries.backoff", in_judge(judge, &j::retries, &retry_config::backoff), between(0, hour),
      "The wait before the first retry; doubles each time, with full jitter.");
  auto statuses = between(400, 599);
  statuses.max_items = 200;
  add("retries.retry_on", in_judge(judge, &j::retries, &retry_config::retry_on), statuses,
      "HTTP statuses that are worth another attempt; failures to connect always are.");
  add_part("pool", "How much each lane may have under way.");
  add("pool.max_connections", in_judge(judge, &j::pool, &pool_config::max_connections), between(1, 4096),
      "Open connections to the judge, per lane.");
  add("pool.max_in_flight", in_judge(judge, &j::pool, &pool_config::max_in_flight), between(1, 65'536),
      "Questions a lane may hold; past them a check fails as overloaded.");
  keys.push_back(value(path + ".proxy", in_judge(judge, &j::proxy), optional_text(proxy_url),
                       "The proxy through which the judge is reached; its credentials are never shown.")
                   .shown_as(without_credentials));
  add("ca_file", in_judge(judge, &j::ca_file), optional_text(one_line),
      "A file with the certificates to trust instead of the system's.");
}

} // namespace guardrails::config
