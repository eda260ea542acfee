// The endpoints: what each request means and what it is answered, before it is HTTP.
#pragma once

#include "apps/gateway/chat_call.hpp"
#include "apps/gateway/client_keys.hpp"
#include "apps/gateway/live_config.hpp"
#include "apps/gateway/metrics.hpp"
#include "apps/gateway/page_files.hpp"
#include "apps/gateway/reply.hpp"
#include "apps/gateway/route.hpp"
#include "apps/gateway/text_calls.hpp"
#include "apps/gateway/upstream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::gateway {

struct service_options {
  std::filesystem::path config;
  std::optional<std::vector<key_entry>> keys; ///< absent: anybody may ask
  bool blocked_as_error = false;
  bool has_page = true; ///< for browsers
  std::uint32_t max_in_flight = 4096;
  std::uint32_t threads = 1; ///< that judge single texts
};

/// One request.
struct incoming {
  route to = route::none;
  client_key* key = nullptr;
  std::string request_id;
  std::string_view session;     ///< empty: none
  std::string_view deadline_ms; ///< empty: the configuration's
  bool wants_report = false;
  std::string_view path{};      ///< of a page's file
  std::string_view known_tag{}; ///< of the file that the client has already
  std::string body{};
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

  /// Looks at a request before its body is read: its page, its method, its key. Sets `key`.
  std::optional<reply> refuse(const route_match& match, std::string_view authorization,
                              client_key*& key) const;

  /// Never throws.
  boost::asio::awaitable<reply> answer(incoming request, client_presence& client);

  /// Reads the configuration file again, on a thread of its own. `done` gets a line for people.
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
  boost::asio::awaitable<reply> moderate(incoming& request);
  boost::asio::awaitable<reply> check(incoming& request);
  boost::asio::awaitable<reply> configure(incoming& request);
  boost::asio::awaitable<generation> generate(generation_request wanted, client_presence& client);
  reply reply_to(const incoming& request, const chat_call& call, const generation& result) const;
  reply list_models() const;
  reply readiness() const;

  service_options options_;
  std::optional<client_keys> keys_;
  metrics counts_;
  page_files page_;
  std::atomic<bool> draining_{false};
  live_config config_;
  upstream upstream_;
  boost::asio::thread_pool judging_;
  boost::asio::thread_pool configuring_{1};
  std::atomic<std::uint32_t> configuring_count_{0};
};

} // namespace guardrails::gateway
