// `guardrails mock-llm` as a child process on a port of its own: the upstream of tests and benchmarks.
#pragma once

#include "tests/child_process.hpp"

#include <boost/json.hpp>

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace guardrails::test {

/// What the mock counted; connections that only ask for statistics are left out.
struct mock_llm_stats {
  std::int64_t requests = 0;
  std::int64_t open_connections = 0;
  std::int64_t peak_connections = 0;
  std::int64_t accepted_connections = 0;
  std::int64_t cancelled = 0; ///< the client left before its answer
  std::int64_t moderated_texts = 0;
  std::int64_t repeated = 0; ///< texts of chats that came more than once, with `--record`
};

/// One blocking exchange with 127.0.0.1; returns the body. `request_line` is `GET /path` or `POST /path`.
inline std::string ask_loopback(std::uint16_t port, const std::string& request_line,
                                const std::string& content = {}) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const auto request = request_line +
                         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(content.size()) +
                         "\r\nConnection: close\r\n\r\n" + content;
    send(fd, request.data(), request.size(), MSG_NOSIGNAL);
    char block[4096];
    for (ssize_t count; (count = recv(fd, block, sizeof block, 0)) > 0;)
      answer.append(block, static_cast<std::size_t>(count));
  }
  close(fd);
  const auto body = answer.find("\r\n\r\n");
  if (body == std::string::npos)
    throw std::runtime_error{"no answer from 127.0.0.1:" + std::to_string(port)};
  return answer.substr(body + 4);
}

class mock_llm_process {
public:
  /// `extra` are further options of `guardrails mock-llm`.
  explicit mock_llm_process(std::vector<std::string> extra = {})
    : child_{GUARDRAILS_BINARY_DIR "/apps/guardrails", arguments(std::move(extra))}
    , port_{static_cast<std::uint16_t>(
        std::stoi(child_.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)")[1]))} {}

  std::uint16_t port() const noexcept { return port_; }

  /// For `llm.base_url`.
  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }

  mock_llm_stats stats() const {
    const auto value = boost::json::parse(ask_loopback(port_, "GET /stats"));
    const auto count = [&](const char* key) { return value.at(key).to_number<std::int64_t>(); };
    return {
      count("requests"),  count("open_connections"), count("peak_connections"), count("accepted_connections"),
      count("cancelled"), count("moderated_texts"),  count("repeated")};
  }

  void reset_stats() const { ask_loopback(port_, "POST /stats/reset"); }

  child_process& process() noexcept { return child_; }

private:
  static std::vector<std::string> arguments(std::vector<std::string> extra) {
    std::vector<std::string> all{"mock-llm", "--listen", "127.0.0.1:0"};
    all.insert(all.end(), std::make_move_iterator(extra.begin()), std::make_move_iterator(extra.end()));
    return all;
  }

  child_process child_;
  std::uint16_t port_;
};

} // namespace guardrails::test
