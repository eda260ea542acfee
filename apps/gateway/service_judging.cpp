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

#include <algorithm>
#include <chrono>
#include <cstddef>
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

check_report judge_text(const compiled_config& config, const check_call& call,
                        const checks::stop_function& stop) {
  switch (call.direction) {
  case text_direction::input:
    return config.checks.check_input(call.text, stop);
  case text_direction::output:
    return config.checks.check_output(call.text, stop);
  case text_direction::text:
    break;
  }
  return config.checks.check_text(call.text, stop);
}

api_error not_judged() {
  return {503, "server_error", "A check could not judge.", {}, "check_error", 1};
}

/// Why the inputs do not go on.
struct embedding_refusal {
  api_error problem;
  block_reason reason;
};

/// Of the input at `i`, by its report; nothing: it goes on.
std::optional<embedding_refusal> refusal_of(const embedding_call& call, std::size_t i,
                                            const check_report& report) {
  if (report.passed)
    return std::nullopt;
  if (!report.errors.empty())
    return embedding_refusal{not_judged(), block_reason::check_error};
  std::string where{"input"};
  if (call.is_list)
    where.append("[").append(std::to_string(i)).append("]");
  return embedding_refusal{{400, "content_filter", report.message, std::move(where), "content_filter"},
                           block_reason::input};
}

/// Judges the inputs, counts what is found and masks them, until one is not to go on or nobody waits any
/// more.
std::optional<embedding_refusal> judge_inputs(const compiled_config& config, embedding_call& call,
                                              check_metrics& counts, const checks::stop_function& stop) {
  for (std::size_t i = 0; config.checks_input && i < call.inputs.size() && !stop(); ++i) {
    auto& text = call.inputs[i];
    const auto report = config.checks.check_input(text, stop);
    if (stop())
      break;
    counts.judged(judged_as::input, report);
    if (auto refusal = refusal_of(call, i, report))
      return refusal;
    text = checks::apply_replacements(text, 0, report.findings);
  }
  return std::nullopt;
}

/// Whether the engine is asked for embeddings in OpenAI's form.
bool embeds(llm_engine engine) {
  return engine == llm_engine::openai || engine == llm_engine::openai_compatible;
}

/// How long the judging may take where no model is asked.
std::chrono::milliseconds limit_of(std::chrono::milliseconds asked, const compiled_config& config) {
  if (asked.count() > 0)
    return asked;
  return config.llm ? config.llm->timeout : judging_deadline;
}

reply reply_under(const compiled_config& config, reply answer) {
  answer.config_version = config.version;
  return answer;
}

net::http_request embedding_request(const llm_config& llm, const embedding_call& call,
                                    std::chrono::milliseconds left) {
  auto encoded = llm::openai_call(llm, "/embeddings", body_of(call));
  net::http_request request;
  request.url = std::move(encoded.url);
  request.headers = std::move(encoded.headers);
  request.body = std::move(encoded.body);
  request.timeout = std::max(left, std::chrono::milliseconds{1});
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
  const auto waits = patience_of(client, limit_of(*deadline, *config));
  auto judge = [config, counts = &counts_.checks,
                call = std::move(std::get<embedding_call>(read))](const checks::stop_function& stop) mutable {
    auto refusal = judge_inputs(*config, call, *counts, stop);
    return std::pair{std::move(refusal), std::move(call)};
  };
  auto unwanted = end_of(waits);
  const auto judged = co_await judged_aside(judging_, size, std::move(unwanted), std::move(judge));
  client.on_leave = nullptr;
  if (!judged || waits->is_over())
    co_return reply_under(*config, reply_of(unjudged(*waits)));
  if (judged->first) {
    counts_.blocked(judged->first->reason);
    auto refused = reply_under(*config, reply_of(judged->first->problem));
    refused.blocked = judged->first->reason;
    co_return refused;
  }
  const auto ticket = upstream_.reserve_ticket();
  if (ticket == 0)
    co_return reply_under(*config, reply_of(overloaded("Too many requests are under way.")));
  client.on_leave = [this, ticket] { upstream_.cancel(ticket); };
  auto asked = embedding_request(*config->llm, judged->second, waits->left());
  llm::append_trace_headers(asked.headers, request.request_id, request.traceparent);
  auto response = co_await upstream_.ask(ticket, std::move(asked));
  client.on_leave = nullptr;
  co_return reply_under(*config, reply_to_embedding(std::move(response)));
}

awaitable<reply> service::moderate(incoming& request, client_presence& client) {
  auto read = read_moderation_call(request.body);
  if (const auto* problem = std::get_if<api_error>(&read))
    co_return reply_of(*problem);
  const auto deadline = read_deadline(request.deadline_ms);
  if (!deadline)
    co_return wrong_deadline();
  const auto config = config_.current();
  const auto waits = patience_of(client, limit_of(*deadline, *config));
  auto judge =
    [config, texts = std::move(std::get<std::vector<std::string>>(read))](const checks::stop_function& stop) {
      std::vector<check_report> reports;
      for (const auto& text : texts)
        if (!stop())
          reports.push_back(config->moderator.check_text(text, stop));
      return reports;
    };
  auto unwanted = end_of(waits);
  const auto judged =
    co_await judged_aside(judging_, request.body.size(), std::move(unwanted), std::move(judge));
  client.on_leave = nullptr;
  if (!judged || waits->is_over())
    co_return reply_under(*config, reply_of(unjudged(*waits)));
  const auto& reports = *judged;
  for (const auto& report : reports)
    counts_.checks.judged(judged_as::text, report);
  for (const auto& report : reports)
    if (!report.errors.empty()) // nothing is called harmless that nobody judged
      co_return reply_under(*config, reply_of(not_judged()));
  co_return reply_under(*config, reply{200, moderation_body(request.request_id, reports)});
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
  const auto waits = patience_of(client, limit_of(*deadline, *config));
  auto judge = [config, call = std::move(std::get<check_call>(read))](const checks::stop_function& stop) {
    auto report = judge_text(*config, call, stop);
    auto body = json::serialize(to_json(report)); // here, for it can be long
    return std::pair{std::move(report), std::move(body)};
  };
  auto unwanted = end_of(waits);
  auto judged = co_await judged_aside(judging_, request.body.size(), std::move(unwanted), std::move(judge));
  client.on_leave = nullptr;
  if (!judged || waits->is_over())
    co_return reply_under(*config, reply_of(unjudged(*waits)));
  counts_.checks.judged(rail_of(direction), judged->first);
  co_return reply_under(*config, reply{200, std::move(judged->second)});
}

} // namespace guardrails::gateway
