// The facade: turns calls from threads and coroutines into submissions to the front.
#include <guardrails/llm_rails.hpp>

#include "actors/cluster.hpp"
#include "actors/completion_thread.hpp"
#include "actors/owned_system.hpp"
#include "actors/pending_call.hpp"
#include "actors/stream_channel.hpp"
#include "actors/system.hpp"

#include <future>
#include <optional>
#include <stdexcept>
#include <utility>

namespace guardrails {

namespace {

constexpr std::chrono::seconds longest_update{10};

class generation_completion final : public completion {
public:
  using state = detail::async_state<generation>;

  explicit generation_completion(std::shared_ptr<state> target)
    : target_{std::move(target)} {}
  void complete(generation result) noexcept override { target_->set_value(std::move(result)); }

private:
  std::shared_ptr<state> target_;
};

class response_completion final : public completion {
public:
  using state = detail::async_state<std::string>;

  explicit response_completion(std::shared_ptr<state> target)
    : target_{std::move(target)} {}
  void complete(generation result) noexcept override { target_->set_value(std::move(result.final_response)); }

private:
  std::shared_ptr<state> target_;
};

class channel_completion final : public stream_completion {
public:
  explicit channel_completion(std::shared_ptr<text_stream::channel> target)
    : target_{std::move(target)} {}
  void release(std::string piece) noexcept override { target_->add(std::move(piece)); }
  void complete(generation result) noexcept override { target_->end(std::move(result)); }

private:
  std::shared_ptr<text_stream::channel> target_;
};

/// Null: no nodes may be used.
const cluster_config* network_of(const rails_config& config, const runtime_options& options) {
  return options.network || !config.cluster.nodes.empty() ? &config.cluster : nullptr;
}

} // namespace

struct llm_rails::runtime {
  runtime(const rails_config& config, const runtime_options& options)
    : policy{actors::compile(config)}
    , owned{actors::start_system(options, network_of(config, options))}
    , system{owned->get()}
    , house{system, std::move(policy), actors::count_lanes(options), &actors::build_chain,
            actors::count_fronts(options)} {
    join_nodes(config, options);
    forget_actor_system(); // so that any thread may end the runtime
  }

  runtime(caf::actor_system& host, const rails_config& config, const runtime_options& options)
    : policy{actors::compile(config)}
    , system{host}
    , house{system, std::move(policy), actors::count_lanes(options), &actors::build_chain,
            actors::count_fronts(options)} {
    join_nodes(config, options);
  }

  void join_nodes(const rails_config& config, const runtime_options& options) {
    if (!network_of(config, options))
      return;
    if (!system.has_middleman())
      throw std::logic_error{"nodes can only be reached from an actor system that has CAF's middleman"};
    nodes.emplace(system, house, config.cluster);
  }

  actors::cluster& nodes_or_throw() {
    if (!nodes)
      throw std::logic_error{"nodes can only be connected to a runtime that was started with a network"};
    return *nodes;
  }

  template <class Completion>
  auto start(llm_rails& rails, generation_request request) {
    auto state = std::make_shared<typename Completion::state>(continuations);
    const auto ticket = rails.reserve_ticket();
    state->on_cancel(rails.cancel_action(ticket));
    rails.submit(ticket, std::move(request), std::make_unique<Completion>(state));
    return async{std::move(state)};
  }

  // The order is that of construction; destruction ends the actors first, then the continuations.
  policy_ref policy;
  std::unique_ptr<actors::owned_system> owned;
  caf::actor_system& system;
  std::shared_ptr<actors::completion_thread> continuations = std::make_shared<actors::completion_thread>();
  struct stop_continuations {
    actors::completion_thread& thread;
    ~stop_continuations() { thread.stop(); }
  } stop_guard{*continuations};
  actors::house house;
  std::optional<actors::cluster> nodes; // absent: the system has no network
};

llm_rails::llm_rails(const rails_config& config, const runtime_options& options)
  : runtime_{std::make_unique<runtime>(config, options)} {}

llm_rails::llm_rails(caf::actor_system& system, const rails_config& config, const runtime_options& options)
  : runtime_{std::make_unique<runtime>(system, config, options)} {}

llm_rails::~llm_rails() = default;
llm_rails::llm_rails(llm_rails&&) noexcept = default;
llm_rails& llm_rails::operator=(llm_rails&&) noexcept = default;

std::string llm_rails::generate(std::vector<chat_message> messages) {
  return generate_async(std::move(messages)).get();
}

generation llm_rails::generate(std::vector<chat_message> messages, return_details_t) {
  return generate_async(std::move(messages), return_details).get();
}

generation llm_rails::generate(generation_request request) {
  return generate_async(std::move(request)).get();
}

async<std::string> llm_rails::generate_async(std::vector<chat_message> messages) {
  return runtime_->start<response_completion>(*this, {std::move(messages), {}, {}});
}

async<generation> llm_rails::generate_async(std::vector<chat_message> messages, return_details_t) {
  return generate_async(generation_request{std::move(messages), {}, {}});
}

async<generation> llm_rails::generate_async(generation_request request) {
  return runtime_->start<generation_completion>(*this, std::move(request));
}

text_stream llm_rails::generate_stream(std::vector<chat_message> messages) {
  return generate_stream(generation_request{std::move(messages), {}, {}});
}

text_stream llm_rails::generate_stream(generation_request request) {
  const auto ticket = reserve_ticket();
  auto channel = std::make_shared<text_stream::channel>(
    text_stream::channel::upstream{use_stream_action(ticket), cancel_action(ticket)});
  submit_stream(ticket, std::move(request), std::make_unique<channel_completion>(channel));
  return text_stream{std::move(channel)};
}

std::uint64_t llm_rails::reserve_ticket() {
  return runtime_->house.gate()->next_ticket();
}

void llm_rails::submit(std::uint64_t ticket, generation_request request, std::unique_ptr<completion> done) {
  const auto& gate = runtime_->house.gate();
  auto place = actors::admission_place::take(gate);
  if (!place) {
    done->complete(actors::refused(std::move(request), gate->policy()));
    return;
  }
  auto call = std::make_shared<actors::pending_call>(ticket, std::move(request), std::move(done),
                                                     std::move(*place), gate);
  post(runtime_->house.front(ticket), submission{std::move(call)});
}

void llm_rails::submit_stream(std::uint64_t ticket, generation_request request,
                              std::unique_ptr<stream_completion> done) {
  const auto& gate = runtime_->house.gate();
  auto place = actors::admission_place::take(gate);
  if (!place) {
    auto result = actors::refused(std::move(request), gate->policy());
    done->complete(std::move(result));
    return;
  }
  auto call = std::make_shared<actors::pending_call>(ticket, std::move(request), std::move(done),
                                                     stream_window, std::move(*place), gate);
  post(runtime_->house.front(ticket), submission{std::move(call)});
}

void llm_rails::use_stream(std::uint64_t ticket, std::uint64_t bytes) {
  post(runtime_->house.front(ticket), stream_used{ticket, bytes});
}

std::function<void(std::uint64_t)> llm_rails::use_stream_action(std::uint64_t ticket) const {
  return [front = runtime_->house.front(ticket), ticket](std::uint64_t bytes) {
    post(front, stream_used{ticket, bytes});
  };
}

void llm_rails::cancel(std::uint64_t ticket) {
  post(runtime_->house.front(ticket), cancel_request{ticket});
}

std::function<void()> llm_rails::cancel_action(std::uint64_t ticket) const {
  return [front = runtime_->house.front(ticket), ticket] { post(front, cancel_request{ticket}); };
}

std::string llm_rails::update(const rails_config& config) {
  auto policy = actors::compile(config);
  auto version = policy.version();
  auto installed = std::make_shared<std::promise<void>>();
  auto done = installed->get_future();
  post(runtime_->house.store(), policy_installation{std::move(policy), std::move(installed)});
  if (done.wait_for(longest_update) != std::future_status::ready)
    throw std::runtime_error{"the runtime did not take the new configuration in time"};
  done.get();
  if (runtime_->nodes)
    runtime_->nodes->use(config.cluster.nodes);
  return version;
}

std::string llm_rails::config_version() const {
  return runtime_->house.gate()->policy().version();
}

void llm_rails::connect(const std::string& node) {
  runtime_->nodes_or_throw().connect(node);
}

void llm_rails::disconnect(const std::string& node) {
  runtime_->nodes_or_throw().disconnect(node);
}

std::vector<node_status> llm_rails::nodes() const {
  return runtime_->nodes ? runtime_->nodes->nodes() : std::vector<node_status>{};
}

rails_handle llm_rails::handle() const {
  return rails_handle{rails_actor{runtime_->house.front(runtime_->house.gate()->next_ticket())}};
}

} // namespace guardrails
