// Endpoints that judge texts without a generation, on the judging threads.
#include "apps/gateway/service.hpp"

#include "apps/gateway/embedding_call.hpp"
#include "apps/gateway/judged_aside.hpp"
#include "apps/gateway/moderation.hpp"
#include "apps/gateway/patience.hpp"
#include "apps/gateway/request_deadline.hpp"

#include "checks/masking.hpp"
#include "llm/chat_codec.hpp"
#include "llm/trace_headers.hpp"

#include <guardrails/json.hpp>

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

judged_as rail_of(text_direction direction) noexcept {
  switch (direction) {
  case text_direction::input:
    return judged_as::input;
  case text_direction::output:
    return judged_as::output;
  case text_direction::text:
    break;
  }
  return judged_as::text;
}

check_report judge_text(const compiled_config& config, const check_call& call) {
  switch (call.direction) {
  case text_direction::input:
    return config.checks.check_input(call.text);
  case text_direction::output:
    return config.checks.check_output(call.text);
  case text_direction::text:
    break;
  }
  return config.checks.check_text(call.text);
}

/// Judges the inputs and masks them; or says which one is not to go on, or that nobody waits any more.
std::optional<api_error> judge_inputs(const compiled_config& config, embedding_call& call,
                                      const patience& client) {
  for (std::size_t i = 0; config.checks_input && i < call.inputs.size(); ++i) {
    if (client.is_over())
      return unjudged(client);
    auto& text = call.inputs[i];
    const auto report = config.checks.check_input(text);
    if (!report.passed && !report.errors.empty())
      return api_error{503, "server_error", "A check could not judge.", {}, "check_error", 1};
    if (!report.passed) {
      auto where = call.is_list ? "input[" + std::to_string(i) + "]" : std::string{"input"};
      return api_error{400, "content_filter", report.message, std::move(where), "content_filter"};
    }
    text = checks::apply_replacements(text, 0, report.findings);
  }
  return std::nullopt;
}

/// Whether the engine is asked for embeddings in OpenAI's form.
bool embeds(llm_engine engine) {
  return engine == llm_engine::openai || engine == llm_engine::openai_compatible;
}

net::http_request embedding_request(const llm_config& llm, const embedding_call& call,
                                    std::chrono::milliseconds deadline) {
  auto encoded = llm::openai_call(llm, "/embeddings", body_of(call));
  net::http_request request;
  request.url = std::move(encoded.url);
  request.headers = std::move(encoded.headers);
  request.body = std::move(encoded.body);
  request.timeout = deadline.count() > 0 ? deadline : llm.timeout;
  request.connect_timeout = llm.connect_timeout;
  request.max_response_bytes = llm.max_response_bytes;
  request.proxy = llm.proxy;
  request.ca_file = llm.ca_file;
  return request;
}

/// What came, as it is; what is no answer has the status that it has for chats.
reply reply_to_embedding(net::http_response response) {
  if (response.result == net::transfer_result::timeout)
    return reply_of(api_error{504, "server_error", "The model did not answer in time.", {}, "timeout"});
  if (response.result == net::transfer_result::cancelled)
    return reply_of(api_error{503, "server_error", "The request was cancelled.", {}, "cancelled", 1});
  const auto begin = response.body.find_first_not_of(" \t\r\n");
  const bool is_object = begin != std::string::npos && response.body[begin] == '{';
  if (response.result != net::transfer_result::ok || response.status / 100 != 2 || !is_object) {
    std::string message{"The model failed"};
    if (response.status > 0)
      message.append(" with status ").append(std::to_string(response.status));
    return reply_of(api_error{502, "server_error", message.append("."), {}, "llm_error"});
  }
  return {200, std::move(response.body)};
}

} // namespace

awaitable<reply> service::embed(incoming& request, client_presence& client) {
  auto read = read_embedding_call(request.body);
  if (const auto* problem = std::get_if<api_error>(&read))
    co_return reply_of(*problem);
  const auto deadline = read_deadline(request.deadline_ms);
  if (!deadline)
    co_return wrong_deadline();
  const auto config = config_.current();
  if (!config->llm || !embeds(config->llm->engine))
    co_return reply_of(bad_request("There is no model behind the rails that embeds.", {}, "no_model"));
  const auto size = request.body.size();
  const auto waits = patience_of(client, deadline->count() > 0 ? *deadline : config->llm->timeout);
  auto judge = [config, waits, call = std::move(std::get<embedding_call>(read))]() mutable {
    auto problem = judge_inputs(*config, call, *waits);
    return std::pair{std::move(problem), std::move(call)};
  };
  auto unwanted = end_of(waits);
  const auto judged = co_await judged_aside(judging_, size, std::move(unwanted), std::move(judge));
  client.on_leave = nullptr;
  if (!judged || judged->first) {
    auto refused = reply_of(judged ? *judged->first : unjudged(*waits));
    refused.config_version = config->version;
    co_return refused;
  }
  const auto ticket = upstream_.reserve_ticket();
  if (ticket == 0)
    co_return reply_of(overloaded("Too many requests are under way."));
  client.on_leave = [this, ticket] { upstream_.cancel(ticket); };
  auto asked = embedding_request(*config->llm, judged->second, *deadline);
  llm::append_trace_headers(asked.headers, request.request_id, request.traceparent);
  auto response = co_await upstream_.ask(ticket, std::move(asked));
  client.on_leave = nullptr;
  auto answer = reply_to_embedding(std::move(response));
  answer.config_version = config->version;
  co_return answer;
}

awaitable<reply> service::moderate(incoming& request, client_presence& client) {
  auto read = read_moderation_call(request.body);
  if (const auto* problem = std::get_if<api_error>(&read))
    co_return reply_of(*problem);
  const auto deadline = read_deadline(request.deadline_ms);
  if (!deadline)
    co_return wrong_deadline();
  const auto config = config_.current();
  const auto waits = patience_of(client, *deadline);
  auto judge = [config, waits, texts = std::move(std::get<std::vector<std::string>>(read))] {
    std::vector<check_report> reports;
    for (const auto& text : texts)
      if (!waits->is_over())
        reports.push_back(config->moderator.check_text(text));
    const bool is_whole = reports.size() == texts.size();
    return is_whole ? std::optional{std::move(reports)} : std::nullopt;
  };
  auto unwanted = end_of(waits);
  const auto judged =
    co_await judged_aside(judging_, request.body.size(), std::move(unwanted), std::move(judge));
  client.on_leave = nullptr;
  if (!judged || !*judged)
    co_return reply_of(unjudged(*waits));
  const auto& reports = **judged;
  for (const auto& report : reports)
    counts_.checks.judged(judged_as::text, report);
  for (const auto& report : reports)
    if (!report.errors.empty()) // nothing is called harmless that nobody judged
      co_return reply_of(api_error{503, "server_error", "A check could not judge.", {}, "check_error", 1});
  reply answer{200, moderation_body(request.request_id, reports)};
  answer.config_version = config->version;
  co_return answer;
}

awaitable<reply> service::check(incoming& request, client_presence& client) {
  auto read = read_check_call(request.body);
  if (const auto* problem = std::get_if<api_error>(&read))
    co_return reply_of(*problem);
  const auto deadline = read_deadline(request.deadline_ms);
  if (!deadline)
    co_return wrong_deadline();
  const auto config = config_.current();
  const auto direction = std::get<check_call>(read).direction;
  const auto waits = patience_of(client, *deadline);
  auto judge = [config, call = std::move(std::get<check_call>(read))] {
    auto report = judge_text(*config, call);
    auto body = json::serialize(to_json(report)); // here, for it can be long
    return std::pair{std::move(report), std::move(body)};
  };
  auto unwanted = end_of(waits);
  auto judged = co_await judged_aside(judging_, request.body.size(), std::move(unwanted), std::move(judge));
  client.on_leave = nullptr;
  if (!judged)
    co_return reply_of(unjudged(*waits));
  counts_.checks.judged(rail_of(direction), judged->first);
  reply answer{200, std::move(judged->second)};
  answer.config_version = config->version;
  co_return answer;
}

} // namespace guardrails::gateway
