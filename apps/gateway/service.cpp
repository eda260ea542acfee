// Endpoints as coroutines: what may take long happens in actors or on threads of its own.
#include "apps/gateway/service.hpp"

#include "apps/gateway/node_metrics.hpp"

#include "apps/gateway/chat_answer.hpp"
#include "apps/gateway/chat_stream.hpp"
#include "apps/gateway/embedding_call.hpp"
#include "apps/gateway/judged_aside.hpp"
#include "apps/gateway/moderation.hpp"
#include "apps/gateway/openapi.hpp"
#include "apps/gateway/trace_context.hpp"

#include "apps/read_file.hpp"
#include "checks/masking.hpp"
#include "llm/chat_codec.hpp"
#include "llm/trace_headers.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/json.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <charconv>
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

constexpr std::chrono::milliseconds longest_deadline{3'600'000};
constexpr std::size_t longest_session = 128;
constexpr std::size_t longest_read_at_once = 64u << 10;
constexpr std::uint32_t most_waiting_updates = 8;

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

/// Runs `work` on `threads`; the coroutine goes on where it was.
template <class Work>
awaitable<std::invoke_result_t<Work>> run_on(asio::thread_pool& threads, Work work) {
  using result = std::invoke_result_t<Work>;
  // Named, for GCC 12 destroys temporaries of co_await expressions twice.
  auto body = [run = std::move(work)]() -> awaitable<result> { co_return run(); };
  co_return co_await asio::co_spawn(threads, std::move(body), use_awaitable);
}

/// Whether a client still waits, for those who work for it on other threads.
class patience {
public:
  explicit patience(std::chrono::milliseconds limit)
    : end_{std::chrono::steady_clock::now() + limit} {}

  void leave() noexcept { has_left_ = true; }
  bool is_over() const noexcept { return has_left_ || std::chrono::steady_clock::now() > end_; }

private:
  std::chrono::steady_clock::time_point end_;
  std::atomic<bool> has_left_{false};
};

/// Ends with the client's presence, or `limit` later; without a limit after the longest there may be.
std::shared_ptr<patience> patience_of(client_presence& client, std::chrono::milliseconds limit) {
  auto result = std::make_shared<patience>(limit.count() > 0 ? limit : longest_deadline);
  client.on_leave = [result] { result->leave(); };
  return result;
}

/// For judged_aside(). Not to be called within a co_await expression: GCC 12 destroys its temporaries twice.
std::function<bool()> end_of(std::shared_ptr<const patience> client) {
  return [client = std::move(client)] { return client->is_over(); };
}

/// What nobody judged.
api_error unjudged(const patience& client) {
  if (client.is_over())
    return {504, "server_error", "The deadline passed.", {}, "timeout"};
  return overloaded("Too many texts wait to be judged.");
}

/// Absent: the header is wrong.
std::optional<std::chrono::milliseconds> read_deadline(std::string_view text) {
  if (text.empty())
    return std::chrono::milliseconds{0};
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end || value < 1 || value > longest_deadline.count())
    return std::nullopt;
  return std::chrono::milliseconds{value};
}

reply with_version(reply answer, const generation& result) {
  answer.config_version = result.config_version;
  if (result.blocked)
    answer.blocked = result.block_reason;
  answer.model = result.model;
  answer.timings = result.timings;
  return answer;
}

reply wrong_deadline() {
  return reply_of(bad_request("Expected milliseconds from 1 to 3600000.", "x-guardrails-deadline-ms"));
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

std::chrono::microseconds since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
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

answer_identity identity_of(const incoming& request, const chat_call& call, std::string model) {
  std::string id{call.is_prompt ? "cmpl-" : "chatcmpl-"};
  return {id.append(request.request_id), std::move(model), std::time(nullptr),
          call.is_prompt ? answer_form::text : answer_form::chat};
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
  auto parse = [&request] {
    return request.to == route::completions ? read_prompt_call(request.body) : read_chat_call(request.body);
  };
  // Others on this connection's thread need not wait for a long one.
  std::variant<chat_call, api_error> read;
  if (request.body.size() > longest_read_at_once) {
    const auto waits = patience_of(client, longest_deadline);
    auto unwanted = end_of(waits);
    auto aside = co_await judged_aside(judging_, request.body.size(), std::move(unwanted), parse);
    client.on_leave = nullptr;
    if (!aside)
      co_return reply_of(unjudged(*waits));
    read = std::move(*aside);
  } else {
    read = parse();
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

awaitable<reply> service::configure(incoming& request) {
  if (configuring_count_++ >= most_waiting_updates) {
    --configuring_count_;
    co_return reply_of(overloaded("Other configurations are being compiled."));
  }
  // What went wrong, or nothing; an exception would take the coroutine's way, a value is simpler.
  auto replace = [this, yaml = std::move(request.body)]() -> std::pair<std::string, std::string> {
    std::pair<std::string, std::string> result;
    try {
      result.first = config_.replace(rails_config::from_content(yaml));
      ++counts_.config_updates;
    } catch (const config_error& problem) {
      result.second = problem.what();
    } catch (const std::exception&) {
      result.second = "the configuration could not be put in force";
    }
    --configuring_count_;
    return result;
  };
  const auto [version, problem] = co_await run_on(configuring_, std::move(replace));
  if (!problem.empty()) {
    ++counts_.config_failures;
    co_return reply_of(bad_request(problem, {}, "invalid_config"));
  }
  reply answer{200, json::serialize(json::object{{"config_version", version}})};
  answer.config_version = version;
  co_return answer;
}

void service::reload(std::function<void(std::string)> done) {
  asio::post(configuring_, [this, done = std::move(done)] {
    done(reload_config());
    if (!options_.keys.empty())
      done(reload_keys());
  });
}

std::string service::reload_config() {
  try {
    const auto version = config_.replace(rails_config::from_file(options_.config));
    ++counts_.config_updates;
    return "configuration " + version + " is in force";
  } catch (const std::exception& problem) {
    ++counts_.config_failures;
    return std::string{"the configuration stays as it was: "}.append(problem.what());
  }
}

std::string service::reload_keys() {
  try {
    auto entries = read_keys(apps::read_file(options_.keys), options_.keys.string());
    const auto before = keys();
    auto next = std::make_shared<client_keys>(std::move(entries), before.get());
    const std::lock_guard guard{keys_mutex_};
    keys_ = std::move(next);
    return "the keys were read again";
  } catch (const std::exception& problem) {
    return std::string{"the keys stay as they were: "}.append(problem.what());
  }
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
