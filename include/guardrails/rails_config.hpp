// The configuration as a value: what one YAML file (or a builder) says, validated.
#pragma once

#include <guardrails/errors.hpp>
#include <guardrails/generation.hpp>
#include <guardrails/messages.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace guardrails {

/// A string that never prints itself: streams, formatted dumps and errors show `***`.
class secret {
public:
  secret() = default;
  explicit secret(std::string value)
    : value_{std::move(value)} {}

  /// The value itself, for the one place that sends it.
  const std::string& reveal() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }

private:
  std::string value_;
};

enum class llm_engine : std::uint8_t {
  openai,            ///< OpenAI's chat completions
  azure_openai,      ///< the same as Azure serves them: a deployment of a resource
  anthropic,         ///< Anthropic's messages
  gemini,            ///< Google's generateContent
  bedrock,           ///< Amazon Bedrock's Converse
  openai_compatible, ///< the same interface elsewhere: ollama, vLLM, llama.cpp, LM Studio, `guardrails
                     ///< mock-llm`
  echo,              ///< embedded stand-in for demos and tests: answers with the last user message
};
BOOST_DESCRIBE_ENUM(llm_engine, openai, azure_openai, anthropic, gemini, bedrock, openai_compatible, echo)

struct retry_config {
  std::uint32_t max = 2;                  ///< further attempts after the first one
  std::chrono::milliseconds backoff{200}; ///< before the first retry; doubles, with full jitter
  std::vector<std::uint32_t> retry_on{429, 500, 502, 503,
                                      504}; ///< HTTP statuses; connect failures always count
};

struct pool_config {
  std::uint32_t max_connections = 128; ///< open upstream connections per lane
  std::uint32_t max_in_flight = 8192;  ///< generations a lane may hold, waiting ones included
};

struct llm_config {
  llm_engine engine = llm_engine::echo;
  std::string model;
  secret api_key;
  std::string base_url; ///< without the trailing `/chat/completions`, `/messages`, `/models/…` or `/model/…`
  std::string organization;
  std::string endpoint;                         ///< azure_openai: the resource's address
  std::string api_version;                      ///< azure_openai
  std::string anthropic_version = "2023-06-01"; ///< anthropic: the interface's
  secret aws_access_key;                        ///< bedrock, as the following
  secret aws_secret_key;
  secret aws_session_token; ///< of temporary keys; empty: none
  std::string aws_region;
  std::optional<double> temperature; ///< not sent when absent
  std::optional<double> top_p;
  std::optional<std::uint32_t> max_tokens;
  std::vector<std::string> stop;
  std::chrono::milliseconds timeout{30'000}; ///< for the whole generation, retries included
  std::chrono::milliseconds connect_timeout{5'000};
  retry_config retries;
  pool_config pool;
  std::string proxy;
  std::string ca_file;
  std::uint64_t max_response_bytes = 16u << 20; ///< a longer upstream answer is an llm_error
  std::chrono::milliseconds latency{0};         ///< echo only
  double tokens_per_second = 0;                 ///< echo only; 0 answers at once
};

enum class on_error_action : std::uint8_t {
  block, ///< fail closed: the text is blocked with `check_error`
  allow, ///< the report lists the failure, the text passes this check
};
BOOST_DESCRIBE_ENUM(on_error_action, block, allow)

enum class input_scope : std::uint8_t {
  last_user, ///< the last user message is judged
  all_user,  ///< all user messages, joined by a newline
};
BOOST_DESCRIBE_ENUM(input_scope, last_user, all_user)

/// What becomes of an answer that is streamed while checks are on that need all of it. docs/streaming.md says
/// which ones do.
enum class stream_mode : std::uint8_t {
  buffer,   ///< nothing is released before the end
  trailing, ///< they judge what was released, outside the guarantee
};
BOOST_DESCRIBE_ENUM(stream_mode, buffer, trailing)

/// How SQL in a text is parsed; docs/sql.md says what is checked for each.
enum class sql_dialect : std::uint8_t { postgresql, mysql, sqlserver, sqlite, mongodb, oracle, redshift };
BOOST_DESCRIBE_ENUM(sql_dialect, postgresql, mysql, sqlserver, sqlite, mongodb, oracle, redshift)

struct block_list_config {
  std::vector<std::string> words;                ///< matched as whole words, whatever their case
  std::vector<std::string> patterns;             ///< RE2 regular expressions
  finding_action action = finding_action::block; ///< block, flag or mask
};

/// One list of a `ban_list`.
struct banned_terms {
  std::vector<std::string> words;                ///< matched as whole words, whatever their case
  finding_action action = finding_action::block; ///< block, flag or mask

  friend bool operator==(const banned_terms&, const banned_terms&) = default;
};

struct invisible_text_config {
  finding_action action = finding_action::block; ///< block, flag or mask, which removes the characters
};

/// Hosts are `example.com`, `*.example.com` (its subdomains), an IP address, each with `:port` where only
/// that port is meant.
struct urls_config {
  std::vector<std::string> allow;                ///< not empty: other hosts may not occur
  std::vector<std::string> deny;                 ///< may not occur, whatever `allow` says
  std::vector<std::string> schemes;              ///< empty: all but those that carry code or a document
  finding_action action = finding_action::block; ///< block, flag or mask
};

struct languages_config {
  std::vector<std::string> allow; ///< ISO 639-1 codes
  std::uint32_t min_bytes = 20;   ///< of letters in UTF-8; shorter texts pass
  double threshold = 0.5;         ///< share of the letters in other languages that fails a text
  finding_action action = finding_action::block; ///< block or flag
};

struct output_json_config {
  std::string schema;                            ///< JSON Schema, as JSON; empty: any JSON passes
  bool allow_fenced = false;                     ///< whether the answer may be one fenced block that holds it
  finding_action action = finding_action::block; ///< block or flag
};

/// What becomes of a hit whose score stays below its threshold.
enum class below_threshold_action : std::uint8_t {
  pass, ///< as if it were not there
  flag, ///< reported, never masked
};
BOOST_DESCRIBE_ENUM(below_threshold_action, pass, flag)

/// What departs from the defaults for one entity.
struct entity_policy {
  std::optional<finding_action> action; ///< flag, review, block or pass
  std::optional<bool> mask;

  friend bool operator==(const entity_policy&, const entity_policy&) = default;
};
BOOST_DESCRIBE_STRUCT(entity_policy, (), (action, mask))

/// An entity of the user's own.
struct custom_entity {
  std::vector<std::string> patterns; ///< RE2; each match is a hit
  std::vector<std::string> context;  ///< words that make a hit likelier when they stand before it
  double score = 0.5;                ///< of a hit without context and proof
  std::string validator; ///< one of known_validators(): what holds scores 1, what does not is no hit

  friend bool operator==(const custom_entity&, const custom_entity&) = default;
};
BOOST_DESCRIBE_STRUCT(custom_entity, (), (patterns, context, score, validator))

/// Personal data. Entities are named as in docs/pii.md (`EMAIL_ADDRESS`, …).
struct pii_config {
  bool enabled = false;
  bool input_checks = true;
  bool output_checks = true;
  std::string language = "en";           ///< whose countries' numbers are looked for
  std::vector<std::string> entity_types; ///< empty: all that are known in the language
  std::map<std::string, double> entity_thresholds;
  double default_confidence_threshold = 0.5; ///< a score that reaches it counts
  guardrails::below_threshold_action below_threshold_action = guardrails::below_threshold_action::flag;
  finding_action default_action = finding_action::flag; ///< flag, review, block or pass
  bool default_mask = true;                             ///< whatever the action
  bool enable_phi_detection = true;                     ///< entities whose names start with PHI_
  std::map<std::string, entity_policy> entity_policies;
  std::string mask_format = "<ENTITY_TYPE>"; ///< or <ENTITY_TYPE_N>, partial, hash, or one character
  secret mask_key;                           ///< of the format `hash`
  bool reversible = false;                   ///< numbered placeholders for the model, originals in its answer
  std::map<std::string, custom_entity> custom_entities; ///< by name, as EMPLOYEE_ID
};

/// What an answer gives away, in points of risk: each kind of secret 80, sensitive data in bulk 60, each
/// abnormal pattern 20.
struct exfiltration_thresholds {
  std::uint32_t warn = 20;  ///< from here on the matched spans are masked
  std::uint32_t block = 80; ///< from here on the answer fails
};

struct exfiltration_detectors {
  bool secrets = true;
  bool bulk_sensitive = true;
  bool abnormal_patterns = true;
};

struct bulk_sensitive_config {
  std::uint32_t threshold = 5; ///< findings of sensitive data that count as bulk
};

struct data_exfiltration_config {
  bool enabled = false;
  bool output_checks = true;
  exfiltration_thresholds action_thresholds;
  exfiltration_detectors detectors;
  bulk_sensitive_config bulk_sensitive;
  std::string mask_token = "[REDACTED]";
};

/// The regular expression that cuts a text before a vocabulary's merges apply.
enum class pretokenizer : std::uint8_t { gpt2, cl100k, qwen2, o200k };
BOOST_DESCRIBE_ENUM(pretokenizer, gpt2, cl100k, qwen2, o200k)

/// Limits in tokens. A run is a session, or one generation without one. docs/token-budget.md says what
/// counts.
struct token_budget_config {
  bool enabled = false;
  bool input_checks = true;
  bool output_checks = true;
  std::optional<std::uint64_t> max_request_tokens; ///< absent: no limit
  std::optional<std::uint64_t> max_run_tokens;     ///< absent: no limit
  std::uint64_t reserved_output_tokens = 0;        ///< set aside for the answer before it is known
  bool block_on_exceeded = true;                   ///< false: report only
  std::string vocabulary; ///< file, in tiktoken's form or a tokenizer.json; empty: tokens are estimated
  std::optional<guardrails::pretokenizer>
    pretokenizer; ///< absent: the file's own; cl100k for tiktoken's form
  std::chrono::milliseconds run_idle_timeout{3'600'000}; ///< a run is forgotten after this long without use
  std::uint32_t max_runs = 100'000;                      ///< remembered at a time
};

/// Who judges texts for a check.
enum class judge_engine : std::uint8_t {
  embedded,          ///< the embedded model, in the process
  openai_moderation, ///< OpenAI's moderation interface
  openai_compatible, ///< a model behind chat completions that answers in a `judge_format`
};
BOOST_DESCRIBE_ENUM(judge_engine, embedded, openai_moderation, openai_compatible)

/// How a chat model is asked for a verdict, and how it answers.
enum class judge_format : std::uint8_t {
  json_verdict, ///< any model that follows instructions: `{"flagged": …, "label": …, "confidence": …}`
  llama_guard,  ///< `safe`, or `unsafe` and categories on the next line
  shieldgemma,  ///< `Yes` or `No`, with log probabilities where the server gives them
};
BOOST_DESCRIBE_ENUM(judge_format, json_verdict, llama_guard, shieldgemma)

struct judge_batch_config {
  std::uint32_t size = 32;           ///< texts in one request, at most
  std::chrono::milliseconds wait{2}; ///< how long the first of them waits for others
};

struct judge_cache_config {
  std::uint32_t size = 4096;              ///< verdicts a lane remembers; 0: none
  std::chrono::milliseconds ttl{300'000}; ///< how long
};

/// A remote judge of texts, instead of the embedded model. docs/judges.md says what is sent.
struct judge_config {
  judge_config();

  judge_engine engine = judge_engine::embedded;
  judge_format format = judge_format::json_verdict; ///< openai_compatible only
  std::string model;
  secret api_key;
  std::string base_url;
  std::chrono::milliseconds timeout{5'000}; ///< from the question to the verdict, retries included
  std::chrono::milliseconds connect_timeout{2'000};
  std::map<std::string, double> thresholds; ///< openai_moderation: a score that counts, by category
  judge_batch_config batch;                 ///< openai_moderation only
  judge_cache_config cache;
  retry_config retries{1, std::chrono::milliseconds{100}};
  pool_config pool{16, 1024};
  std::string proxy;
  std::string ca_file;
};

/// What users may ask about.
struct allowed_topic {
  std::string name;
  std::string description;           ///< what belongs to it, in words
  std::vector<std::string> examples; ///< texts about it; the more, the surer the check

  friend bool operator==(const allowed_topic&, const allowed_topic&) = default;
};
BOOST_DESCRIBE_STRUCT(allowed_topic, (), (name, description, examples))

/// A class of content of the user's own: texts like the utterances are of it.
struct content_route {
  std::string name;
  std::vector<std::string> utterances;
  double threshold = 0.5; ///< how near to them a text must be

  friend bool operator==(const content_route&, const content_route&) = default;
};
BOOST_DESCRIBE_STRUCT(content_route, (), (name, utterances, threshold))

struct guardrails_config {
  bool input_checks = true;
  bool output_checks = true;
  bool check_toxicity = true;
  double toxicity_threshold = 0.7; ///< a confidence above it counts
  bool block_toxic = true;         ///< false: report only
  judge_config toxicity;           ///< who judges it
  bool check_sensitive_data = true;
  bool block_sensitive_data = true; ///< false: report only
  bool check_semantic = true;
  judge_config content_class;             ///< who judges it
  std::vector<content_route> routes;      ///< classes of content beside the built-in ones
  std::vector<std::string> block_classes; ///< classes of content that block; empty: all
  std::string heads; ///< file that `guardrails train` wrote, in place of embedded heads; empty: none
  bool check_off_topic = false;
  bool block_off_topic = false; ///< false: report only
  std::vector<allowed_topic> allowed_topics;
  double off_topic_threshold = 0.5; ///< how near to a topic a text must be
  pii_config pii;
  data_exfiltration_config data_exfiltration;
  token_budget_config token_budget;
  bool check_sql_syntax = false;
  guardrails::sql_dialect sql_dialect = guardrails::sql_dialect::postgresql;
  std::optional<block_list_config> block_list;
  std::map<std::string, banned_terms> ban_list; ///< by name
  std::optional<invisible_text_config> invisible_text;
  std::optional<urls_config> urls;
  std::optional<languages_config> languages;
  std::optional<output_json_config> output_json;
  on_error_action on_error = on_error_action::block; ///< for checks not named below
  std::map<std::string, on_error_action> on_error_by_check;
  guardrails::input_scope input_scope = input_scope::last_user;
  bool decode_runs = false; ///< whether percent-, Base64- and hex-encoded runs are judged decoded as well
  stream_mode streaming = stream_mode::buffer;
  message_catalog messages;
};

/// How nodes know one another: mutual TLS, with the certificates of one authority.
struct cluster_tls_config {
  std::string certificate; ///< file (PEM); empty: no TLS
  std::string key;         ///< file (PEM)
  std::string ca_file;     ///< file (PEM) with the authority that signs the certificates of all nodes
};

/// Which parts of a generation may run at nodes.
enum class cluster_placement : std::uint8_t {
  whole,          ///< all of it, in one place
  model_at_nodes, ///< only the call of the model; the checks run here
};
BOOST_DESCRIBE_ENUM(cluster_placement, whole, model_at_nodes)

/// Further nodes that run generations. Not part of the version: it says nothing about verdicts.
struct cluster_config {
  std::vector<std::string> nodes; ///< HOST:PORT; a name that stands for many addresses gives many nodes
  bool local = true;              ///< whether generations run in this process too
  cluster_placement placement = cluster_placement::whole;
  cluster_tls_config tls;
  std::string token_file; ///< what all nodes know; empty: none is asked for
  bool repeat_started =
    false; ///< whether the model may be asked again when a node was lost after it was asked
  std::chrono::milliseconds heartbeat{500};    ///< a node that is silent for three of them is lost
  std::uint32_t credit = 1024;                 ///< generations under way at one node, at most
  std::uint64_t max_message_bytes = 16u << 20; ///< longer requests are not sent to nodes
};

/// A whole configuration. A value: copy it, compare versions, keep it as long as you like.
struct rails_config {
  /// Looks up an environment variable; empty optional: not set.
  using environment = std::function<std::optional<std::string>(const std::string& name)>;

  /// Reads YAML text. `${NAME}` and `${NAME:-default}` in scalars come from `env` (default: the process's
  /// own). Throws config_error.
  static rails_config from_content(std::string_view yaml, const environment& env = {});

  /// Reads a YAML file. Throws config_error, also when the file cannot be read.
  static rails_config from_file(const std::filesystem::path& path, const environment& env = {});

  std::optional<llm_config> llm; ///< absent: input validation only
  guardrails_config guardrails;
  cluster_config cluster;

  /// The YAML text it was read from, with `${NAME}` as it was written; empty: it was made in code.
  std::string source;

  /// The same configuration as YAML, with every key and its value; secrets are written as `***`.
  std::string to_yaml() const;

  /// Content hash: the first 16 hexadecimal digits of SHA-256 over the canonical form, secrets excluded.
  std::string version() const;

  /// Names the keys that this program knows: the same where two programs read the same configurations.
  static std::string schema();

  /// Configuration keys of the checks that do not run under this configuration, in the order of the
  /// specification.
  std::vector<std::string> checks_off() const;
};

/// An integer; a bool is a value of its own.
template <class T>
concept whole_number = std::integral<T> && !std::same_as<T, bool>;

/// Builds a configuration in code. Every key of the YAML form can be set by its dotted path, e.g.
/// `rails_config_builder{}.set("llm.engine", "echo").set("guardrails.check_sensitive_data", true).build()`.
class rails_config_builder {
public:
  using value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>,
                             std::chrono::milliseconds>;

  rails_config_builder();
  ~rails_config_builder();
  rails_config_builder(rails_config_builder&&) noexcept;
  rails_config_builder& operator=(rails_config_builder&&) noexcept;

  /// Sets one key; checked by build(). Integers, C strings and durations convert to a `value`. Values are
  /// taken as they are: `${NAME}` is replaced in YAML only.
  rails_config_builder& set(std::string_view key_path, value v) &;
  rails_config_builder&& set(std::string_view key_path, value v) &&;
  rails_config_builder& set(std::string_view key_path, const char* v) &;
  rails_config_builder&& set(std::string_view key_path, const char* v) &&;

  // Templates, lest a bool or a double turn into an integer on the way.
  template <whole_number T>
  rails_config_builder& set(std::string_view key_path, T v) & {
    return set(key_path, value{static_cast<std::int64_t>(v)});
  }

  template <whole_number T>
  rails_config_builder&& set(std::string_view key_path, T v) && {
    return std::move(set(key_path, v));
  }

  /// Validates like from_content does. Throws config_error naming the key path.
  rails_config build() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace guardrails
