// Other configurations and keys while requests go on, compiled on a thread of their own.
#include "apps/gateway/service.hpp"

#include "apps/read_file.hpp"

#include <guardrails/errors.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::awaitable;

constexpr std::uint32_t most_waiting_updates = 8;

/// Runs `work` on `threads`; the coroutine goes on where it was.
template <class Work>
awaitable<std::invoke_result_t<Work>> run_on(asio::thread_pool& threads, Work work) {
  using result = std::invoke_result_t<Work>;
  // Named, for GCC 12 destroys temporaries of co_await expressions twice.
  auto body = [run = std::move(work)]() -> awaitable<result> { co_return run(); };
  co_return co_await asio::co_spawn(threads, std::move(body), asio::use_awaitable);
}

} // namespace

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

} // namespace guardrails::gateway
