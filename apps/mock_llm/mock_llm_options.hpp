// What `guardrails mock-llm` can be told, and how its percentages, durations and addresses are written.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::mock_llm {

/// The format of guard models in which chat requests are answered.
enum class verdict_form : std::uint8_t { none, json_verdict, llama_guard, shieldgemma };

/// The interface in which chats are spoken.
enum class api_form : std::uint8_t { openai, azure_openai, anthropic, gemini, bedrock };

/// A word that makes a text flagged, or less, and the score it gives.
struct flagged_word {
  std::string word;
  double score = 0.95;
};

struct options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8089; ///< 0 lets the system choose
  api_form api = api_form::openai;
  std::chrono::milliseconds latency{0};
  std::chrono::milliseconds jitter{0}; ///< up to this much is added to the latency
  double errors = 0;                   ///< share of requests answered with `error_status`
  std::uint32_t error_status = 503;
  std::optional<std::uint32_t> retry_after; ///< seconds, sent with every error
  std::uint64_t fail_first = 0;             ///< so many requests are answered with `error_status` first
  double tokens_per_second = 0;             ///< 0 writes an answer at once
  double cut_connections = 0;               ///< share of answers cut off in the middle
  double hang = 0;                          ///< share of requests never answered
  std::string answer;                       ///< empty: echo the last user message
  std::vector<std::string> script;          ///< answers in turn; goes before `answer`
  bool html = false;
  bool no_choices = false;
  std::uint64_t body_bytes = 0; ///< answers are padded to this size
  std::uint32_t threads = 1;
  std::string api_key; ///< empty: any key, or none
  // What requests are signed with (bedrock): the pair that Amazon's documentation has for examples.
  std::string aws_access_key = "AKIDEXAMPLE";
  std::string aws_secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::uint64_t seed = 1;
  bool record = false;                        ///< the last request's body is kept
  verdict_form verdicts = verdict_form::none; ///< chat answers are verdicts on the last message
  std::vector<flagged_word> flagged_words;    ///< for verdicts and moderation
  std::string verdict_label = "toxic";        ///< of json_verdict
};

/// `1%`, `0.5%` or a plain share (`0.01`), as 0..1.
std::optional<double> parse_share(std::string_view text) noexcept;

/// A number from 0 to 1,000,000,000.
std::optional<double> parse_rate(std::string_view text) noexcept;

/// `250ms`, `2s`, `1.5s`, `1m`; a bare number is milliseconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// `WORD` or `WORD=SCORE`, with a score from 0 to 1.
std::optional<flagged_word> parse_flagged_word(std::string_view text);

struct endpoint {
  std::string host;
  std::uint16_t port = 0;
};

/// `HOST:PORT`, `[::1]:PORT` or `:PORT` (any address).
std::optional<endpoint> parse_endpoint(std::string_view text);

/// One answer per line. A line that is a JSON string, or an object with a string `answer` or `content`, is
/// that string; any other line stands for itself. Empty lines are skipped.
std::vector<std::string> parse_script(std::string_view text);

} // namespace guardrails::mock_llm
