// Every provider's interface end to end: the samples of docs/providers.md against `guardrails mock-llm
// --api`.
#include <guardrails/guardrails.hpp> // before CAF's test framework, whose macro `allow` would swallow an enumerator

#define CAF_SUITE providers
#include "tests/caf_test.hpp"

#include "llm/provider.hpp"
#include "tests/http_asking.hpp"
#include "tests/http_socket.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <fstream>
#include <map>
#include <sstream>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;
using test::mock_llm_process;

constexpr const char* key = "key-0123456789-key";
constexpr const char* example_secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// The samples, by their engine.
std::map<std::string, std::string> samples() {
  std::ifstream file{GUARDRAILS_SOURCE_DIR "/docs/providers.md"};
  std::ostringstream text;
  text << file.rdbuf();
  const auto page = text.str();
  std::map<std::string, std::string> found;
  const std::string opening = "```yaml\n";
  for (auto at = page.find(opening); at != page.npos; at = page.find(opening, at + 1)) {
    const auto begin = at + opening.size();
    const auto yaml = page.substr(begin, page.find("```", begin) - begin);
    const auto name = yaml.find("engine: ") + 8;
    found[yaml.substr(name, yaml.find('\n', name) - name)] = yaml;
  }
  return found;
}

/// Which `--api` of the mock speaks to an engine.
std::string api_for(const std::string& engine) {
  return engine == "openai_compatible" ? "openai" : engine;
}

/// Where that interface is at the mock.
std::string address(const std::string& engine, std::uint16_t port) {
  const auto root = "http://127.0.0.1:" + std::to_string(port);
  if (engine == "azure_openai" || engine == "bedrock")
    return root;
  return root + (engine == "gemini" ? "/v1beta" : "/v1");
}

/// The sample of an engine, asking the mock.
rails_config sample_for(const std::string& engine, std::uint16_t port,
                        const std::string& secret_key = example_secret) {
  const auto env = [&](const std::string& name) -> std::optional<std::string> {
    if (name.ends_with("_URL") || name.ends_with("_ENDPOINT"))
      return address(engine, port);
    if (name == "AWS_ACCESS_KEY_ID")
      return "AKIDEXAMPLE";
    return name == "AWS_SECRET_ACCESS_KEY" ? secret_key : key;
  };
  auto config = rails_config::from_content(samples().at(engine), env);
  config.llm->retries.max = 0;
  return config;
}

std::vector<std::string> options_for(const std::string& engine, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--api", api_for(engine)});
  if (engine != "openai_compatible")
    more.insert(more.end(), {"--api-key", key});
  return more;
}

const std::vector<std::string> engines{"openai", "openai_compatible", "azure_openai", "anthropic", "gemini",
                                       "bedrock"};

/// Whose interfaces are not OpenAI's.
const std::vector<std::string> foreign{"anthropic", "gemini", "bedrock"};

std::string kind_of(const generation& result) {
  if (result.error)
    return result.error->kind + "/" + std::to_string(result.error->status);
  return result.blocked ? "blocked" : "answered";
}

/// One question asked and read without actors: `kind/status`, and whether the error tells a secret.
struct asked_once {
  std::string kind = "answered";
  std::string text;
  std::string finish_reason;
  bool leaks = false;
};

asked_once ask_once(const rails_config& config, std::string_view model, bool streamed = false) {
  auto llm = *config.llm;
  llm.model = model;
  const std::vector<chat_message> sent{{"user", "Tell me of the zanzibar project."}};
  const auto& provider = llm::provider_of(llm.engine);
  const auto form = streamed ? llm::answer_form::stream : llm::answer_form::whole;
  auto call =
    std::get<llm::http_call>(provider.encode({llm, sent, {}, form, std::chrono::system_clock::now()}));
  net::http_request request;
  request.ticket = 1;
  request.url = std::move(call.url);
  request.headers = std::move(call.headers);
  request.body = std::move(call.body);
  const auto response = test::ask(std::move(request));
  asked_once got;
  const auto note = [&](const auto& end) {
    if (const auto* error = std::get_if<generation_error>(&end)) {
      got.kind = error->kind + "/" + std::to_string(error->status);
      for (const auto* word : {key, example_secret, "zanzibar"})
        got.leaks |= error->message.find(word) != std::string::npos;
    } else {
      const auto& said = std::get<llm::completion>(end);
      got.text += said.text;
      got.finish_reason = said.finish_reason;
    }
  };
  if (!streamed || response.status != 200) {
    note(provider.decode(llm, sent, response.status, response.body));
  } else {
    const auto stream = provider.open(llm, sent, response.status);
    stream->feed(response.body, got.text);
    note(stream->finish());
  }
  return got;
}

} // namespace

TEST("every sample answers, whole and as a stream") {
  CHECK_EQ(samples().size(), engines.size());
  for (const auto& engine : engines) {
    mock_llm_process mock{options_for(engine)};
    llm_rails rails{sample_for(engine, mock.port()), {1, 1, scheduler_policy::stealing}};
    const auto whole =
      rails.generate({{"system", "Be kind."}, {"user", "Grüße an 日本, my friend"}}, return_details);
    CHECK_EQ(engine + " " + kind_of(whole), engine + " answered");
    CHECK_EQ(whole.final_response, "Grüße an 日本, my friend");
    CHECK_EQ(whole.finish_reason, "stop");
    CHECK(whole.usage.total_tokens > 5 && !whole.usage.estimated);
    auto stream = rails.generate_stream({{"user", "one two three four"}});
    std::string text;
    while (auto piece = stream.next())
      text += *piece;
    const auto streamed = stream.result();
    CHECK_EQ(engine + " " + kind_of(streamed), engine + " answered");
    CHECK_EQ(text, "one two three four");
    CHECK_EQ(streamed.finish_reason, "stop");
  }
}

TEST("a tool is called, and what it brought is answered") {
  generation_request request;
  request.options = R"({"tools":[{"type":"function","function":{"name":"weather","description":"Looks out.",)"
                    R"("parameters":{"type":"object"}}}],"max_tokens":50,"stop":["END"]})";
  for (const auto& engine : foreign) {
    mock_llm_process mock{options_for(engine)};
    llm_rails rails{sample_for(engine, mock.port()), {1, 1, scheduler_policy::stealing}};
    request.messages = {{"user", "What is the weather like?"}};
    const auto called = rails.generate(request);
    CHECK_EQ(engine + " " + kind_of(called), engine + " answered");
    CHECK_EQ(called.finish_reason, "tool_calls");
    REQUIRE(called.tool_calls.size() == 1);
    CHECK_EQ(called.tool_calls[0].name, "weather");
    CHECK_EQ(called.tool_calls[0].arguments, R"({"text":"What is the weather like?"})");
    const auto streamed = rails.generate_stream(request).result();
    CHECK_EQ(engine + " " + kind_of(streamed), engine + " answered");
    REQUIRE(streamed.tool_calls.size() == 1);
    CHECK_EQ(streamed.tool_calls[0].arguments, called.tool_calls[0].arguments);
    const auto& id = called.tool_calls[0].id;
    request.messages.push_back(
      {"assistant", "",
       R"({"content":null,"tool_calls":[{"id":")" + id +
         R"(","type":"function","function":{"name":"weather","arguments":"{}"}}]})"});
    request.messages.push_back({"tool", "It rains.", R"({"tool_call_id":")" + id + "\"}"});
    const auto answered = rails.generate(request);
    CHECK_EQ(engine + " " + kind_of(answered), engine + " answered");
    CHECK_EQ(answered.final_response, "What is the weather like?");
  }
}

TEST("limits and stops are the provider's to keep") {
  generation_request request{{{"user", "one two three END four"}}, {}, {}};
  for (const auto& engine : foreign) {
    mock_llm_process mock{options_for(engine)};
    llm_rails rails{sample_for(engine, mock.port()), {1, 1, scheduler_policy::stealing}};
    request.options = R"({"stop":"END"})";
    const auto stopped = rails.generate(request);
    CHECK_EQ(stopped.final_response, "one two three ");
    request.options = R"({"max_completion_tokens":2})";
    const auto cut = rails.generate(request);
    CHECK_EQ(cut.final_response, "one two");
    CHECK_EQ(cut.finish_reason, "length");
    request.options = R"({"logit_bias":{"7":1}})";
    const auto refused = rails.generate(request);
    CHECK(refused.block_reason == block_reason::check_error);
    REQUIRE(refused.error.has_value());
    CHECK_EQ(refused.error->message, "options.logit_bias: has no form with engine " + engine);
  }
}

TEST("every error is typed by its status, whole and streamed, and tells no secret") {
  for (const auto& engine : engines) {
    mock_llm_process mock{options_for(engine)};
    const auto config = sample_for(engine, mock.port());
    for (const auto status : {401, 403, 404, 408, 409, 413, 422, 429, 500, 503, 529})
      for (const bool streamed : {false, true}) {
        const auto got = ask_once(config, "mock-" + std::to_string(status), streamed);
        CHECK_EQ(engine + " " + got.kind, engine + " http_status/" + std::to_string(status));
        CHECK(!got.leaks);
      }
  }
}

TEST("what is filtered, missing, or broken off is typed") {
  for (const auto& engine : engines) {
    mock_llm_process mock{options_for(engine)};
    const auto config = sample_for(engine, mock.port());
    const auto filtered = engine == "azure_openai" ? " content_filter/400" : " content_filter/200";
    for (const bool streamed : {false, true}) {
      const auto got = ask_once(config, "mock-filtered", streamed);
      CHECK_EQ(engine + " " + got.kind, engine + filtered);
    }
    const auto html = ask_once(config, "mock-html");
    CHECK_EQ(html.kind, "invalid_json/200");
    const auto no_choices = ask_once(config, "mock-no-choices");
    CHECK_EQ(no_choices.kind, "no_choices/200");
  }
  const std::map<std::string, std::string> statuses{
    {"openai", "200"}, {"anthropic", "529"}, {"gemini", "503"}, {"bedrock", "429"}};
  for (const auto& [engine, status] : statuses) {
    mock_llm_process mock{options_for(engine)};
    const auto got = ask_once(sample_for(engine, mock.port()), "mock-broken-off", true);
    CHECK_EQ(engine + " " + got.kind, engine + " provider_error/" + status);
    CHECK(!got.text.empty());
  }
}

TEST("a wrong key, and a wrong signature, are refused") {
  const std::map<std::string, std::string> refusals{
    {"openai", "401"}, {"azure_openai", "401"}, {"anthropic", "401"}, {"gemini", "400"}};
  for (const auto& [engine, status] : refusals) {
    mock_llm_process mock{{"--api", engine, "--api-key", "another"}};
    const auto got = ask_once(sample_for(engine, mock.port()), "m");
    CHECK_EQ(engine + " " + got.kind, engine + " http_status/" + status);
    CHECK(!got.leaks);
  }
  mock_llm_process mock{options_for("bedrock")};
  const auto forged = ask_once(sample_for("bedrock", mock.port(), "not the secret"), "m");
  CHECK_EQ(forged.kind, "http_status/403");
  auto temporary = sample_for("bedrock", mock.port());
  temporary.llm->aws_session_token = secret{"session-token-0123456789"};
  const auto profile = ask_once(temporary, "arn:aws:bedrock:eu-central-1:1:inference-profile/a.b-v1:0");
  CHECK_EQ(profile.kind, "answered");
}

TEST("an overloaded provider is asked again") {
  for (const auto& engine : foreign) {
    mock_llm_process mock{
      options_for(engine, {"--fail-first", "1", "--error-status", "529", "--retry-after", "0"})};
    auto config = sample_for(engine, mock.port());
    config.llm->retries.max = 1;
    config.llm->retries.backoff = 1ms;
    llm_rails rails{config, {1, 1, scheduler_policy::stealing}};
    CHECK_EQ(rails.generate({{"user", "hello"}}), "hello");
    CHECK_EQ(mock.stats().requests, 2);
  }
}

TEST("the gateway speaks OpenAI's form whoever is behind it") {
  mock_llm_process mock{options_for("anthropic")};
  const test::scratch_folder folder;
  folder.file("c.yml", "llm: {engine: anthropic, model: claude, api_key: " + std::string{key} +
                         ", base_url: '" + address("anthropic", mock.port()) + "'}\n");
  test::child_process gateway{GUARDRAILS_BINARY_DIR "/apps/guardrails",
                              {"serve", "--listen", "127.0.0.1:0", "--config", folder.path("c.yml")}};
  const auto line = gateway.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s);
  test::client client{static_cast<std::uint16_t>(std::stoi(line[1]))};
  const auto whole = client.ask(test::chat_request("What is machine learning?"));
  CHECK_EQ(whole.status, 200);
  CHECK_EQ(test::content_of(whole), "What is machine learning?");
  const auto stream = client.ask(test::chat_request("Hello there", "", R"("stream":true,)"));
  CHECK(stream.body.find(R"("finish_reason":"stop")") != std::string::npos);
  CHECK(stream.body.ends_with("data: [DONE]\n\n"));
  const auto refused = client.ask(test::chat_request("Hello there", "", R"("seed":7,)"));
  CHECK_EQ(refused.status, 400);
  CHECK(refused.body.find(R"("param":"seed")") != std::string::npos);
  const auto embedded = client.ask(test::post_request("/v1/embeddings", R"({"model":"m","input":"x"})"));
  CHECK_EQ(embedded.status, 400);
}
