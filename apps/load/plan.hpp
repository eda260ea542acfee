// What one run is to do.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace guardrails::load {

struct plan {
  std::vector<boost::asio::ip::tcp::endpoint> endpoints; ///< of the target; tried in this order
  std::string request;                                   ///< as bytes
  bool stream = false;                                   ///< answers are expected to be streams of events
  bool no_body = false;                                  ///< answers to HEAD have none
  double rate = 1;                                       ///< a second
  std::chrono::nanoseconds duration{};
  std::chrono::nanoseconds timeout{}; ///< from a request's intended start
  std::size_t connections = 1;        ///< at most
  std::size_t threads = 1;
};

} // namespace guardrails::load
