// How the mock upstream's answers go out on one connection: whole, paced, in events, broken off.
#pragma once

#include "apps/mock_llm/mock_llm_answer.hpp"
#include "apps/mock_llm/mock_llm_counters.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"

#include <boost/asio.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::mock_llm {

/// What sends says whether the connection can take another request.
class answer_writer {
public:
  template <class Result>
  using awaitable = boost::asio::awaitable<Result>;

  answer_writer(boost::asio::ip::tcp::socket& socket, const options& how, counters& count)
    : socket_{socket}
    , timer_{socket.get_executor()}
    , how_{how}
    , count_{count} {}

  void keep_alive(bool keep) noexcept { keep_alive_ = keep; }

  awaitable<bool> send(std::uint32_t status, std::string_view body,
                       std::string_view type = "application/json", std::string_view headers = {});
  /// In the form of the provider that is spoken.
  awaitable<bool> send_error(std::uint32_t status, std::string_view message);
  awaitable<bool> send_body(const answer_body& body, const plan& what, std::string_view text);
  awaitable<bool> send_events(const std::vector<std::string>& events, const plan& what,
                              std::string_view type);

  /// Never answers; ends when the client is gone.
  awaitable<bool> hang();

  /// False as soon as the client is gone.
  awaitable<bool> pause(std::chrono::nanoseconds time);

  /// Counts a client that is gone. False.
  bool gone();

private:
  std::chrono::duration<double> seconds_for(std::string_view text) const;
  void begin_answer(std::uint32_t status, std::string_view type);
  awaitable<bool> cut(std::string_view body);

  /// Writes what stands in `out_`, then `text` in small pieces over the time `whole`.
  awaitable<bool> write_paced(std::string_view text, std::chrono::duration<double> whole);
  awaitable<bool> append_padding(std::uint64_t left);
  void append_chunk(std::string_view data);
  awaitable<bool> write();

  boost::asio::ip::tcp::socket& socket_;
  boost::asio::steady_timer timer_;
  const options& how_;
  counters& count_;
  std::string out_;
  bool keep_alive_ = true;
  bool pipelined_ = false;
};

} // namespace guardrails::mock_llm
