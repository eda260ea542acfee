// `guardrails mock-llm`: a provider's upstream for tests and load, with faults to order.
#include "apps/mock_llm/mock_llm_command.hpp"

#include "apps/descriptor_limit.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"
#include "apps/mock_llm/mock_llm_server.hpp"
#include "apps/read_file.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>

namespace guardrails {
namespace {

using mock_llm::options;

constexpr auto* about_models = R"(Model names choose a behaviour for one request, whatever the options say:
  mock-401, mock-404, mock-429, mock-500, ... answers with that status
  mock-hang        never answers
  mock-cut         closes the connection in the middle of the body
  mock-html        answers with a web page
  mock-no-choices  answers without choices
  mock-filtered    answers as when the provider's content filter left nothing
  mock-broken-off  ends a stream with an error in its middle
  mock-huge        answers with 100 MiB (OpenAI's forms)
GET /stats counts requests and connections; POST /stats/reset starts over.)";

/// An option whose text `parse` turns into `*target`; anything else is a usage error that shows `expected`.
template <class T, class Parse>
void add_parsed(CLI::App& command, const std::string& name, T& target, Parse parse, const std::string& help,
                const std::string& expected) {
  command
    .add_option_function<std::string>(
      name,
      [&target, parse, name, expected](const std::string& text) {
        auto value = parse(text);
        if (!value)
          throw CLI::ValidationError{name, "'" + text + "' is not " + expected};
        target = *value;
      },
      help)
    ->type_name(expected);
}

void add_timing(CLI::App& command, options& how) {
  const auto duration = "a duration such as 50ms";
  add_parsed(command, "--latency", how.latency, mock_llm::parse_duration, "Wait before an answer", duration);
  add_parsed(command, "--jitter", how.jitter, mock_llm::parse_duration, "Random addition to the latency",
             duration);
  add_parsed(command, "--tokens-per-second", how.tokens_per_second, mock_llm::parse_rate,
             "Write answers at this pace; 0 is at once", "a number such as 50");
}

void add_faults(CLI::App& command, options& how) {
  const auto share = "a share such as 1%";
  add_parsed(command, "--errors", how.errors, mock_llm::parse_share, "Answered with --error-status", share);
  command.add_option("--error-status", how.error_status, "Status of --errors and --fail-first")
    ->capture_default_str()
    ->check(CLI::Range(300, 599));
  command.add_option("--retry-after", how.retry_after, "Seconds for the Retry-After header of errors");
  command.add_option("--fail-first", how.fail_first, "So many requests fail before the first success");
  add_parsed(command, "--cut-connections", how.cut_connections, mock_llm::parse_share, "Cut off mid-body",
             share);
  add_parsed(command, "--hang", how.hang, mock_llm::parse_share, "Never answered", share);
  command.add_flag("--html", how.html, "Answer with a web page instead of JSON");
  command.add_flag("--no-choices", how.no_choices, "Answer without choices");
  command.add_option("--api-key", how.api_key, "Answer 401 unless the key matches");
  command.add_option("--aws-access-key", how.aws_access_key, "The access key that requests are signed for")
    ->capture_default_str();
  command.add_option("--aws-secret-key", how.aws_secret_key,
                     "The secret key that signatures are checked with (default: that of Amazon's examples)");
  command.add_option("--seed", how.seed, "The same seed repeats the same faults")->capture_default_str();
}

void add_api(CLI::App& command, options& how) {
  const std::map<std::string, mock_llm::api_form> forms{{"openai", mock_llm::api_form::openai},
                                                        {"azure_openai", mock_llm::api_form::azure_openai},
                                                        {"anthropic", mock_llm::api_form::anthropic},
                                                        {"gemini", mock_llm::api_form::gemini},
                                                        {"bedrock", mock_llm::api_form::bedrock}};
  command
    .add_option("--api", how.api,
                "The interface in which chats are spoken: openai (default), "
                "azure_openai, anthropic, gemini or bedrock")
    ->transform(CLI::CheckedTransformer(forms))
    ->type_name("PROVIDER");
}

void add_verdicts(CLI::App& command, options& how) {
  const std::map<std::string, mock_llm::verdict_form> forms{
    {"json_verdict", mock_llm::verdict_form::json_verdict},
    {"llama_guard", mock_llm::verdict_form::llama_guard},
    {"shieldgemma", mock_llm::verdict_form::shieldgemma}};
  command.add_option("--verdicts", how.verdicts, "Answer chat requests as a guard model does")
    ->transform(CLI::CheckedTransformer(forms))
    ->type_name("FORMAT");
  command
    .add_option_function<std::vector<std::string>>(
      "--flag",
      [&how](const std::vector<std::string>& words) {
        for (const auto& text : words) {
          auto word = mock_llm::parse_flagged_word(text);
          if (!word)
            throw CLI::ValidationError{"--flag", "'" + text + "' is not WORD or WORD=SCORE"};
          how.flagged_words.push_back(std::move(*word));
        }
      },
      "Words that verdicts and moderation flag, with the score they give (0.95)")
    ->delimiter(',')
    ->type_name("WORD[=SCORE]");
  command.add_option("--verdict-label", how.verdict_label, "Label of flagged texts (json_verdict)")
    ->capture_default_str();
}

constexpr std::uint64_t longest_body = 1u << 30; // kept in memory, as one piece

void add_answers(CLI::App& command, options& how) {
  command.add_option("--answer", how.answer, "Fixed answer; the default echoes the last user message");
  command.add_option_function<std::string>(
    "--script",
    [&how](const std::string& path) {
      try {
        how.script = mock_llm::parse_script(apps::read_file(path));
      } catch (const std::runtime_error& error) {
        throw CLI::ValidationError{"--script", error.what()};
      }
      if (how.script.empty())
        throw CLI::ValidationError{"--script", "no answers in " + path};
    },
    "Answers in turn, one per line (text or JSON)");
  command.add_option("--body-bytes", how.body_bytes, "Pad answers to this size")
    ->check(CLI::Range(std::uint64_t{0}, longest_body));
}

void serve(const options& how) {
  // Thousands of connections need thousands of descriptors; failing to raise the limit shows when accepting.
  apps::raise_descriptor_limit();
  mock_llm::server server{how};
  const auto host = how.host.find(':') == std::string::npos ? how.host : "[" + how.host + "]";
  std::cout << "mock-llm listening on http://" << host << ':' << server.port() << std::endl;
  server.run();
}

} // namespace

void add_mock_llm_command(CLI::App& app, int& exit_code) {
  auto& command = *app.add_subcommand(
    "mock-llm", "A model's upstream for tests and load, OpenAI-compatible or another provider's");
  auto how = std::make_shared<options>();
  command.footer(about_models);
  command
    .add_option_function<std::string>(
      "--listen",
      [how](const std::string& text) {
        auto where = mock_llm::parse_endpoint(text);
        if (!where)
          throw CLI::ValidationError{"--listen", "'" + text + "' is not HOST:PORT"};
        how->host = where->host;
        how->port = where->port;
      },
      "Where to listen; port 0 picks a free one (default 127.0.0.1:8089)")
    ->type_name("HOST:PORT");
  add_api(command, *how);
  add_timing(command, *how);
  add_faults(command, *how);
  add_answers(command, *how);
  add_verdicts(command, *how);
  command.add_flag("--record", how->record,
                   "Keep the last request's body for GET /stats/last-request, and count texts that were "
                   "asked more than once");
  command.add_option("--threads", how->threads, "Threads that serve")
    ->capture_default_str()
    ->check(CLI::Range(1, 256));
  command.callback([how, &exit_code] {
    serve(*how);
    exit_code = 0;
  });
}

} // namespace guardrails
