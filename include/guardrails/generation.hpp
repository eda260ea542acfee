// What goes into a generation and what comes out of it: plain values, described once.
// CAF serialization (caf.hpp) and JSON (json.hpp) both derive from the descriptions below.
#pragma once

#include <guardrails/boxed_optional.hpp>
#include <guardrails/enum_names.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace guardrails {

/// One turn of a conversation. `role` is `system`, `user`, `assistant` or `tool`; `content` is UTF-8.
struct chat_message {
  std::string role;
  std::string content;
  /// What else the message says to the model, as a JSON object in OpenAI's terms: `tool_calls`,
  /// `tool_call_id`, `name`, …; `content` where it has parts that are no text, whose texts, joined by
  /// newlines, are the content above. Empty: nothing.
  std::string extra{};
};
BOOST_DESCRIBE_STRUCT(chat_message, (), (role, content, extra))

/// What a caller asks for.
struct generation_request {
  std::vector<chat_message> messages;
  std::string request_id;                ///< travels through to the generation; empty: one is assigned
  std::chrono::milliseconds deadline{0}; ///< from now; 0: the configuration's `llm.timeout`
  std::string session_id{};              ///< the session it belongs to, at most 256 bytes; empty: none
  /// What the model is told beside the messages, as a JSON object in OpenAI's terms: `temperature`, `stop`,
  /// `n`, `tools`, `response_format`, … go to it as they are, unjudged, and before the configuration's own.
  /// Its `model`, `messages`, `stream` and `stream_options` are not looked at. Empty: nothing.
  std::string options{};
  std::string traceparent{}; ///< W3C trace context for the model's request; not well-formed: none is sent
};
BOOST_DESCRIBE_STRUCT(generation_request, (),
                      (messages, request_id, deadline, session_id, options, traceparent))

/// Why a generation carries a fixed sentence instead of the model's answer.
enum class block_reason : std::uint8_t {
  input,               ///< an input check failed
  output,              ///< an output check failed
  llm_error,           ///< the model could not be asked or gave no usable answer
  no_user_input,       ///< no message of role `user`
  token_budget_input,  ///< the request exceeds the token budget
  token_budget_output, ///< the answer exceeds the token budget
  rate_limited,        ///< the session used up its requests
  overloaded,          ///< admission refused the request; retry later
  timeout,             ///< the deadline passed
  cancelled,           ///< the caller, or a shutdown, cancelled the request
  check_error,         ///< a check could not judge the text (also: the request is not valid)
};
BOOST_DESCRIBE_ENUM(block_reason, input, output, llm_error, no_user_input, token_budget_input,
                    token_budget_output, rate_limited, overloaded, timeout, cancelled, check_error)

/// What a policy does with a finding.
enum class finding_action : std::uint8_t { pass, flag, review, mask, block };
BOOST_DESCRIBE_ENUM(finding_action, pass, flag, review, mask, block)

/// A half-open range of bytes of the original UTF-8 text.
struct byte_span {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};
BOOST_DESCRIBE_STRUCT(byte_span, (), (begin, end))

/// The evidence behind a finding.
struct finding_reason {
  std::string pattern;              ///< name of the pattern that matched
  std::string checksum;             ///< name of the checksum that held; empty: none applies
  std::vector<std::string> context; ///< context words found before the span
  std::vector<std::string> ngrams;  ///< n-grams that weighed most in a model
};
BOOST_DESCRIBE_STRUCT(finding_reason, (), (pattern, checksum, context, ngrams))

/// One thing that one check found at one place.
struct finding {
  std::string check;                 ///< name of the check, as in the configuration
  std::string label;                 ///< `Email`, `CreditCard`, … or the term's list
  std::optional<std::string> entity; ///< `EMAIL_ADDRESS`, … for personal data and secrets
  double score = 0;                  ///< 0..1
  double threshold = 0;              ///< score at which the check acts
  finding_action action = finding_action::flag;
  byte_span span;
  std::optional<std::string> replacement; ///< what the span was masked with
  finding_reason why;
  std::optional<std::string> model_version; ///< null for rules
  /// What `span` counts bytes of. Null: the judged text. Of an input: the tool's message, among those of the
  /// generation. Of an answer: what it has beside its text, counted in order: its calls of tools, then for
  /// each further choice the text and its calls. Of a call the bytes are those of its arguments' texts.
  std::optional<std::uint64_t> message;
};
BOOST_DESCRIBE_STRUCT(finding, (),
                      (check, label, entity, score, threshold, action, span, replacement, why, model_version,
                       message))

/// A check that failed internally. `kind` is stable, `message` is for people and never quotes the text.
struct check_failure {
  std::string check;
  std::string kind;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(check_failure, (), (check, kind, message))

struct toxicity_report {
  std::string label; ///< `toxic`, `offensive` or `non-toxic`
  double confidence = 0;
};
BOOST_DESCRIBE_STRUCT(toxicity_report, (), (label, confidence))

/// The only label of a text without sensitive data.
inline constexpr const char* no_sensitive_data = "No sensitive data detected";

/// Clean is exactly `["No sensitive data detected"]`.
struct sensitive_data_report {
  std::vector<std::string> predicted_labels;
};
BOOST_DESCRIBE_STRUCT(sensitive_data_report, (), (predicted_labels))

/// The verdict of a check that has nothing more to say than its message.
struct verdict_report {
  bool passed = true;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(verdict_report, (), (passed, message))

/// What the token budget said about a request or an answer. All counts are tokens.
struct token_budget_report {
  bool passed = true;                ///< within every limit
  std::string message;               ///< empty when it passes
  std::uint64_t context_tokens = 0;  ///< of the conversation
  std::uint64_t output_tokens = 0;   ///< input: reserved for the answer; output: of the answer
  std::uint64_t run_used_tokens = 0; ///< input: used or reserved by the run before; output: used before
};
BOOST_DESCRIBE_STRUCT(token_budget_report, (),
                      (passed, message, context_tokens, output_tokens, run_used_tokens))

/// What the checks of one rail said about one text. A null member is a check that is off.
struct check_report {
  bool passed = true; ///< all blocking checks passed
  std::optional<toxicity_report> toxicity;
  std::optional<sensitive_data_report> sensitive_data;
  std::optional<std::string> semantic_class;
  std::optional<verdict_report> off_topic;
  std::optional<verdict_report> sql;
  std::optional<verdict_report> pii;
  std::optional<verdict_report> exfiltration;
  std::optional<verdict_report> invisible_text;
  std::optional<verdict_report> urls;
  std::optional<verdict_report> languages;
  std::optional<verdict_report> output_json;
  std::string message; ///< `All checks passed`, or what the first failing check says
  std::vector<finding> findings;
  std::vector<check_failure> errors;
  std::map<std::string, double> latency_us; ///< microseconds per check
  std::vector<std::string> checks_off;      ///< checks that did not run, by configuration key
};
BOOST_DESCRIBE_STRUCT(check_report, (),
                      (passed, toxicity, sensitive_data, semantic_class, off_topic, sql, pii, exfiltration,
                       invisible_text, urls, languages, output_json, message, findings, errors, latency_us,
                       checks_off))

/// What failed, without keys or prompts. `status` is the upstream's HTTP status, 0 where there was none.
struct generation_error {
  std::string kind;
  std::string message;
  std::int32_t status = 0;
};
BOOST_DESCRIBE_STRUCT(generation_error, (), (kind, message, status))

/// Tokens as the provider counted them, or our own estimate, marked as such.
struct token_usage {
  std::uint64_t prompt_tokens = 0;
  std::uint64_t completion_tokens = 0;
  std::uint64_t total_tokens = 0;
  bool estimated = false;
};
BOOST_DESCRIBE_STRUCT(token_usage, (), (prompt_tokens, completion_tokens, total_tokens, estimated))

/// Microseconds spent in each stage. `queue` is all waiting between stages.
struct stage_timings {
  std::uint64_t queue = 0;
  std::uint64_t input_checks = 0;
  std::uint64_t llm = 0;
  std::uint64_t output_checks = 0;
  std::uint64_t total = 0;
};
BOOST_DESCRIBE_STRUCT(stage_timings, (), (queue, input_checks, llm, output_checks, total))

/// A tool that the model wants to be called.
struct tool_call {
  std::string id;
  std::string type; ///< `function`, or `custom`
  std::string name;
  std::string arguments; ///< JSON; of a `custom` tool any text
};
BOOST_DESCRIBE_STRUCT(tool_call, (), (id, type, name, arguments))

/// One more answer, of a request whose `n` is more than 1.
struct further_choice {
  std::string text;
  std::vector<tool_call> tool_calls;
  std::string finish_reason;
};
BOOST_DESCRIBE_STRUCT(further_choice, (), (text, tool_calls, finish_reason))

/// The full account of one generation.
struct generation {
  std::string user_input; ///< the text the input rails judged
  std::vector<chat_message> messages;
  boxed_optional<check_report> input_check;    ///< null: rail off or not reached
  boxed_optional<check_report> output_check;   ///< null: rail off or not reached
  std::optional<std::string> llm_response;     ///< what the model said; null: not called, or no answer
  std::string final_response;                  ///< what to show the user
  std::vector<tool_call> tool_calls;           ///< judged and masked as the answer is; blocked: none
  std::vector<further_choice> further_choices; ///< the same
  std::string
    finish_reason; ///< why the model ended: `stop`, `length`, `tool_calls`, …; empty: it says nothing
  bool blocked = false;
  std::optional<guardrails::block_reason> block_reason;
  boxed_optional<token_budget_report> token_budget_input_check;
  boxed_optional<token_budget_report> token_budget_output_check;
  boxed_optional<verdict_report> pii_input_check;
  boxed_optional<verdict_report> pii_output_check;
  boxed_optional<generation_error> error;
  token_usage usage;
  stage_timings timings;
  std::string request_id;
  std::string config_version;
  std::string model;
};
BOOST_DESCRIBE_STRUCT(generation, (),
                      (user_input, messages, input_check, output_check, llm_response, final_response,
                       tool_calls, further_choices, finish_reason, blocked, block_reason,
                       token_budget_input_check, token_budget_output_check, pii_input_check, pii_output_check,
                       error, usage, timings, request_id, config_version, model))

} // namespace guardrails
