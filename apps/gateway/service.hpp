// The endpoints: what each request means and what it is answered, before it is HTTP.
#pragma once

#include "apps/gateway/chat_call.hpp"
#include "apps/gateway/client_keys.hpp"
#include "apps/gateway/cross_origin.hpp"
#include "apps/gateway/live_config.hpp"
#include "apps/gateway/metrics.hpp"
#include "apps/gateway/otlp_exporter.hpp"
#include "apps/gateway/page_files.hpp"
#include "apps/gateway/reply.hpp"
#include "apps/gateway/route.hpp"
#include "apps/gateway/text_calls.hpp"
#include "apps/gateway/upstream.hpp"

#include "actors/judging_threads.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::gateway {

struct service_options {
  std::filesystem::path config;
  std::vector<std::string> nodes{}; ///< beside those of the configuration
  std::filesystem::path keys;       ///< empty: anybody may ask
  bool blocked_as_error = false;
  bool has_page = true;                    ///< for browsers
  std::vector<std::string> cors_origins{}; ///< whose pages may ask
  std::uint32_t max_in_flight = 4096;
  std::uint32_t threads = 1;   ///< that judge single texts
  std::string otlp_endpoint{}; ///< where spans go; empty: nowhere
};

/// One request.
struct incoming {
  route to = route::none;
  std::shared_ptr<client_key> key{};
  std::string request_id;
  std::string_view session;     ///< empty: none
  std::string_view deadline_ms; ///< empty: the configuration's
  bool wants_report = false;
  std::string_view path{};      ///< of a page's file
  std::string_view known_tag{}; ///< of the file that the client has already
  std::string body{};
  std::string traceparent{}; ///< for the model; empty: none
};

/// Tells a request that its client is gone. Both sides run on the connection's thread.
struct client_presence {
  std::function<void()> on_leave{};
};

/// Thread-safe.
class service {
public:
  /// Throws config_error.
  service(const service_options& options, const rails_config& config);
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  metrics& counts() noexcept { return counts_; }

  const cross_origin& origins() const noexcept { return origins_; }

  /// Null: nobody wants spans.
  otlp_exporter* spans() noexcept { return spans_ ? &*spans_ : nullptr; }

  /// Looks at a request before its body is read: its page, its method, its key. Sets `key`.
  std::optional<reply> refuse(const route_match& match, entrance by, std::string_view authorization,
                              std::shared_ptr<client_key>& key) const;

  /// Never throws.
  boost::asio::awaitable<reply> answer(incoming request, client_presence& client);

  /// Reads the configuration and the keys again, on a thread of its own. `done` gets lines for people.
  void reload(std::function<void(std::string)> done);

  /// From now on not ready.
  void drain() noexcept { draining_ = true; }

  /// Answers what is under way as cancelled, and waits for what is being judged.
  void stop();

private:
  boost::asio::awaitable<reply> route_request(incoming& request, client_presence& client);
  boost::asio::awaitable<reply> complete_chat(incoming& request, client_presence& client);
  boost::asio::awaitable<reply> stream_chat(incoming& request, chat_call call, generation_request wanted,
                                            client_presence& client);
  boost::asio::awaitable<reply> chat(incoming& request, client_presence& client);
  boost::asio::awaitable<reply> embed(incoming& request, client_presence& client);
  boost::asio::awaitable<reply> moderate(incoming& request, client_presence& client);
  boost::asio::awaitable<reply> check(incoming& request, client_presence& client);
  boost::asio::awaitable<reply> configure(incoming& request);
  boost::asio::awaitable<generation> generate(generation_request wanted, client_presence& client);
  reply reply_to(const incoming& request, const chat_call& call, const generation& result) const;
  std::shared_ptr<const client_keys> keys() const;
  std::string reload_config();
  std::string reload_keys();
  reply list_models() const;
  reply readiness() const;

  service_options options_;
  const cross_origin origins_;
  mutable std::mutex keys_mutex_;
  std::shared_ptr<const client_keys> keys_; ///< null: anybody may ask
  metrics counts_;
  page_files page_;
  std::optional<otlp_exporter> spans_;
  std::atomic<bool> draining_{false};
  live_config config_;
  upstream upstream_;
  actors::judging_threads judging_;
  boost::asio::thread_pool configuring_{1};
  std::atomic<std::uint32_t> configuring_count_{0};
};

} // namespace guardrails::gateway
