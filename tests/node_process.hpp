// `guardrails node` as a child process.
#pragma once

#include "tests/child_process.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace guardrails::test {

/// Listens on a port of its own, or the given one.
class node_process {
public:
  explicit node_process(std::uint16_t port = 0, std::vector<std::string> more = {})
    : child_{GUARDRAILS_BINARY_DIR "/apps/guardrails", arguments(port, std::move(more))}
    , port_{static_cast<std::uint16_t>(
        std::stoi(child_.wait_for_line("node listening on 127\\.0\\.0\\.1:(\\d+)")[1]))} {}

  std::uint16_t port() const noexcept { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  child_process& process() noexcept { return child_; }

private:
  static std::vector<std::string> arguments(std::uint16_t port, std::vector<std::string> more) {
    std::vector<std::string> all{"node", "--listen", "127.0.0.1:" + std::to_string(port), "--threads", "1"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  child_process child_;
  std::uint16_t port_;
};

} // namespace guardrails::test
