// Who may ask what, and generations as coroutines; what takes long happens in actors.
#include "apps/gateway/service.hpp"

#include "apps/gateway/node_metrics.hpp"

#include "apps/gateway/chat_answer.hpp"
#include "apps/gateway/chat_stream.hpp"
#include "apps/gateway/judged_aside.hpp"
#include "apps/gateway/openapi.hpp"
#include "apps/gateway/patience.hpp"
#include "apps/gateway/request_deadline.hpp"
#include "apps/gateway/trace_context.hpp"

#include "apps/read_file.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/json.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <ctime>
#include <exception>
#include <utility>
#include <variant>

namespace guardrails::gateway {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::awaitable;
using asio::use_awaitable;

constexpr std::size_t longest_session = 128;
constexpr std::size_t longest_read_at_once = 64u << 10;

/// Resumes a coroutine with its generation, on the coroutine's own executor.
template <class Handler>
class resumption final : public completion {
public:
  explicit resumption(Handler handler)
    : work_{asio::make_work_guard(asio::get_associated_executor(handler))}
    , handler_{std::move(handler)} {}

  void complete(generation result) noexcept override {
    const auto executor = work_.get_executor();
    asio::post(executor, [handler = std::move(handler_), value = std::move(result)]() mutable {
      std::move(handler)(std::move(value));
    });
    work_.reset();
  }

private:
  asio::executor_work_guard<asio::associated_executor_t<Handler>> work_;
  Handler handler_;
};

/// One of the requests under way.
class in_flight_place {
public:
  in_flight_place(std::atomic<std::int64_t>& count, std::shared_ptr<client_key> key)
    : count_{count}
    , key_{std::move(key)} {}
  ~in_flight_place() {
    --count_;
    if (key_)
      key_->leave();
  }
  in_flight_place(const in_flight_place&) = delete;
  in_flight_place& operator=(const in_flight_place&) = delete;

private:
  std::atomic<std::int64_t>& count_;
  std::shared_ptr<client_key> key_;
};

reply with_version(reply answer, const generation& result) {
  answer.config_version = result.config_version;
  if (result.blocked)
    answer.blocked = result.block_reason;
  answer.model = result.model;
  answer.timings = result.timings;
  return answer;
}

generation_request wanted_of(const incoming& request, std::vector<chat_message> messages,
                             std::chrono::milliseconds deadline) {
  generation_request wanted{std::move(messages), request.request_id, deadline, {}};
  if (!request.session.empty()) { // sessions of different keys are different ones
    if (request.key)
      wanted.session_id = request.key->entry().name;
    wanted.session_id.append("/").append(request.session);
  }
  wanted.traceparent = request.traceparent;
  return wanted;
}

std::chrono::microseconds since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
}

answer_identity identity_of(const incoming& request, const chat_call& call, std::string model) {
  std::string id{call.is_prompt ? "cmpl-" : "chatcmpl-"};
  return {id.append(request.request_id), std::move(model), std::time(nullptr),
          call.is_prompt ? answer_form::text : answer_form::chat};
}

json::object simple_answer(const generation& result) {
  return {{"response", to_json(result.final_response)},
          {"blocked", result.blocked},
          {"block_reason", to_json(result.block_reason)},
          {"request_id", to_json(result.request_id)}};
}

} // namespace

service::service(const service_options& options, const rails_config& config)
  : options_{options}
  , origins_{options.cors_origins}
  , config_{config, options.nodes}
  , judging_{options.threads} {
  if (!options_.keys.empty())
    keys_ = std::make_shared<client_keys>(read_keys(apps::read_file(options_.keys), options_.keys.string()));
  if (!options_.otlp_endpoint.empty())
    spans_.emplace(options_.otlp_endpoint, counts_);
}

service::~service() {
  stop();
}

void service::stop() {
  configuring_.join();
  config_.stop();
  upstream_.stop();
  judging_.stop();
}

std::shared_ptr<const client_keys> service::keys() const {
  const std::lock_guard guard{keys_mutex_};
  return keys_;
}

std::optional<reply> service::refuse(const route_match& match, entrance by, std::string_view authorization,
                                     std::shared_ptr<client_key>& key) const {
  const auto known = keys();
  // Without keys nobody is the administrator but who comes by their own entrance.
  const bool has_administrator = known || by == entrance::operators;
  if (match.to == route::none || !is_served(match.to, by) ||
      (match.to == route::admin_config && !has_administrator) ||
      (match.to == route::page && !options_.has_page))
    return reply_of(api_error{404, "invalid_request_error", "No such page.", {}, "not_found"});
  if (!match.method_fits) {
    auto answer =
      reply_of(api_error{405, "invalid_request_error", "Method not allowed.", {}, "method_not_allowed"});
    answer.allow = match.allow;
    return answer;
  }
  if (!known || !match.needs_key)
    return std::nullopt;
  key = known->find(authorization);
  if (!key)
    return reply_of(
      api_error{401, "authentication_error", "Incorrect or missing API key.", {}, "invalid_api_key"});
  if (match.to == route::admin_config && !key->entry().admin)
    return reply_of(api_error{403, "permission_error", "This key may not do that.", {}, "not_admin"});
  return std::nullopt;
}

awaitable<reply> service::answer(incoming request, client_presence& client) {
  try {
    if (request.session.size() > longest_session)
      co_return reply_of(bad_request("Expected at most 128 bytes.", "x-guardrails-session"));
    if (!needs_admission(request.to))
      co_return co_await route_request(request, client);
    if (request.key)
      if (const auto wait = request.key->enter(client_key::clock::now())) {
        auto problem = overloaded("The limit of this key is reached.");
        problem.status = 429;
        problem.type = "rate_limit_error";
        problem.code = "rate_limit_exceeded";
        problem.retry_after = *wait;
        co_return reply_of(problem);
      }
    const auto level = request.key ? request.key->entry().level : priority::high;
    if (!take_place(counts_.in_flight, places_for(level, options_.max_in_flight))) {
      if (request.key)
        request.key->leave();
      co_return reply_of(overloaded("Too many requests are under way."));
    }
    auto place = std::make_shared<in_flight_place>(counts_.in_flight, request.key);
    auto answer = co_await route_request(request, client);
    answer.place = std::move(place);
    co_return answer;
  } catch (const std::exception&) {
    // Its text may quote anything.
  }
  co_return reply_of(
    api_error{500, "server_error", "The request could not be answered.", {}, "internal_error"});
}

awaitable<reply> service::route_request(incoming& request, client_presence& client) {
  switch (request.to) {
  case route::chat_completions:
  case route::completions:
    co_return co_await complete_chat(request, client);
  case route::embeddings:
    co_return co_await embed(request, client);
  case route::chat:
    co_return co_await chat(request, client);
  case route::moderations:
    co_return co_await moderate(request, client);
  case route::guardrails_check:
    co_return co_await check(request, client);
  case route::admin_config:
    co_return co_await configure(request);
  case route::models:
    co_return list_models();
  case route::readyz:
    co_return readiness();
  case route::healthz:
    co_return reply{200, R"({"status":"ok"})"};
  case route::version:
    co_return reply{200, json::serialize(json::object{{"version", GUARDRAILS_VERSION},
                                                      {"config_version", config_.current()->version}})};
  case route::metrics:
    co_return reply{200, counts_.to_text() + nodes_as_text(config_.rails().nodes()),
                    "text/plain; version=0.0.4; charset=utf-8"};
  case route::openapi:
    co_return reply{200, std::string{openapi}};
  case route::page:
    co_return page_.answer(request.path, request.known_tag);
  case route::none:
    break;
  }
  co_return reply_of(api_error{404, "invalid_request_error", "No such page.", {}, "not_found"});
}

awaitable<generation> service::generate(generation_request wanted, client_presence& client) {
  auto& rails = config_.rails();
  const auto ticket = rails.reserve_ticket();
  client.on_leave = rails.cancel_action(ticket);
  auto start = [&rails, ticket](auto handler, generation_request what) {
    using handler_type = decltype(handler);
    rails.submit(ticket, std::move(what), std::make_unique<resumption<handler_type>>(std::move(handler)));
  };
  auto result = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(generation)>(
    std::move(start), use_awaitable, std::move(wanted));
  client.on_leave = nullptr;
  counts_.finished(result);
  co_return result;
}

awaitable<reply> service::complete_chat(incoming& request, client_presence& client) {
  auto parse = [&request](const checks::stop_function&) {
    return request.to == route::completions ? read_prompt_call(request.body) : read_chat_call(request.body);
  };
  // Others on this connection's thread need not wait for a long one.
  std::variant<chat_call, api_error> read;
  if (request.body.size() > longest_read_at_once) {
    const auto waits = patience_of(client, longest_deadline);
    auto unwanted = end_of(waits);
    auto aside = co_await judged_aside(judging_, request.body.size(), std::move(unwanted), parse);
    client.on_leave = nullptr;
    if (!aside || waits->is_over())
      co_return reply_of(unjudged(*waits));
    read = std::move(*aside);
  } else {
    read = parse({});
  }
  if (const auto* problem = std::get_if<api_error>(&read))
    co_return reply_of(*problem);
  const auto deadline = read_deadline(request.deadline_ms);
  if (!deadline)
    co_return wrong_deadline();
  auto& call = std::get<chat_call>(read);
  std::string().swap(request.body);
  auto wanted = wanted_of(request, std::move(call.messages), *deadline);
  wanted.options = std::move(call.options);
  if (call.stream)
    co_return co_await stream_chat(request, std::move(call), std::move(wanted), client);
  const auto result = co_await generate(std::move(wanted), client);
  co_return reply_to(request, call, result);
}

// What ends before anything is shown is answered with its own status, and as a whole.
awaitable<reply> service::stream_chat(incoming& request, chat_call call, generation_request wanted,
                                      client_presence& client) {
  const auto begin = std::chrono::steady_clock::now();
  const auto home = co_await asio::this_coro::executor;
  const auto text = released_text::start(config_.rails(), std::move(wanted), home);
  client.on_leave = [text] { text->leave(); };
  const auto first = co_await text->next();
  if (first.empty()) {
    client.on_leave = nullptr;
    counts_.finished(text->result());
    co_return reply_to(request, call, text->result());
  }
  counts_.upstream.first_text(since(begin));
  auto stream =
    std::make_unique<chat_stream>(text, identity_of(request, call, call.model),
                                  chat_stream_options{call.include_usage, request.wants_report}, counts_);
  reply answer{200, stream->begin(first), "text/event-stream"};
  answer.config_version = text->config_version();
  answer.rest = std::move(stream);
  co_return answer;
}

reply service::reply_to(const incoming& request, const chat_call& call, const generation& result) const {
  if (const auto problem = failure_of(result))
    return with_version(reply_of(*problem), result);
  if (result.blocked && options_.blocked_as_error)
    return with_version(reply_of(blocked_error(result)), result);
  const auto who = identity_of(request, call, result.model.empty() ? call.model : result.model);
  if (call.stream)
    return with_version(
      reply{200, stream_body(who, result, call.include_usage, request.wants_report), "text/event-stream"},
      result);
  return with_version(reply{200, completion_body(who, result, request.wants_report)}, result);
}

awaitable<reply> service::chat(incoming& request, client_presence& client) {
  auto read = read_simple_chat(request.body);
  if (const auto* problem = std::get_if<api_error>(&read))
    co_return reply_of(*problem);
  const auto deadline = read_deadline(request.deadline_ms);
  if (!deadline)
    co_return wrong_deadline();
  std::vector<chat_message> messages;
  messages.push_back({"user", std::move(std::get<std::string>(read))});
  const auto result = co_await generate(wanted_of(request, std::move(messages), *deadline), client);
  if (const auto problem = failure_of(result))
    co_return with_version(reply_of(*problem), result);
  auto body = simple_answer(result);
  if (request.wants_report)
    body.emplace("guardrails", report_of(result));
  co_return with_version(reply{200, json::serialize(body)}, result);
}

reply service::list_models() const {
  const auto config = config_.current();
  json::array models;
  if (!config->model.empty())
    models.push_back(
      json::object{{"id", config->model}, {"object", "model"}, {"created", 0}, {"owned_by", "guardrails"}});
  return {200, json::serialize(json::object{{"object", "list"}, {"data", std::move(models)}})};
}

reply service::readiness() const {
  const auto config = config_.current();
  const bool ready = config->proofs.armed && !draining_;
  json::array failed;
  for (const auto& entry : config->proofs.checks)
    if (entry.proof == proof::failed)
      failed.push_back(json::string(entry.check));
  reply answer{ready ? 200u : 503u,
               json::serialize(json::object{{"ready", ready},
                                            {"draining", draining_.load()},
                                            {"failed", std::move(failed)},
                                            {"checks", to_json(config->proofs.checks)}})};
  answer.config_version = config->version;
  if (!ready)
    answer.retry_after = 1;
  return answer;
}

} // namespace guardrails::gateway
