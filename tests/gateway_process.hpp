// `guardrails serve` as a child process, with the real mock upstream behind it.
#pragma once

#include "apps/gateway/client_keys.hpp"
#include "tests/http_socket.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace guardrails::test {

/// `guardrails serve`, its upstream and its configuration.
class gateway_process {
public:
  explicit gateway_process(std::vector<std::string> options = {}, std::vector<std::string> upstream = {},
                           const std::string& rails = "check_sensitive_data: true")
    : mock_{std::move(upstream)} {
    write_config(rails);
    std::vector<std::string> all{"serve", "--listen", "127.0.0.1:0", "--config", folder_.path("c.yml")};
    all.insert(all.end(), options.begin(), options.end());
    process_.emplace(GUARDRAILS_BINARY_DIR "/apps/guardrails", all);
    const auto line =
      process_->wait_for_line("listening on https?://127\\.0\\.0\\.1:(\\d+)", std::chrono::seconds{60});
    port_ = static_cast<std::uint16_t>(std::stoi(line[1]));
  }

  std::string yaml(const std::string& rails) const {
    return "llm: {engine: openai_compatible, base_url: '" + mock_.base_url() +
           "', model: mock, retries: {max: 0}, pool: {max_connections: 64}}\nguardrails: {" + rails + "}\n";
  }

  void write_config(const std::string& rails) { folder_.file("c.yml", yaml(rails)); }

  answer ask(const std::string& request) const { return client{port_}.ask(request); }

  bool alive() const { return ask(get_request("/healthz")).status == 200; }

  std::uint16_t port() const noexcept { return port_; }
  mock_llm_process& mock() noexcept { return mock_; }
  child_process& process() noexcept { return *process_; }

private:
  scratch_folder folder_;
  mock_llm_process mock_;
  std::optional<child_process> process_;
  std::uint16_t port_ = 0;
};

/// Waits for it, ten seconds at most.
template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition())
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

/// One entry of a keys file.
inline std::string key_line(const std::string& name, const std::string& key, const std::string& more) {
  std::string hex;
  for (const auto byte : gateway::digest_of(key))
    for (const auto half : {byte >> 4, byte & 15})
      hex += "0123456789abcdef"[half];
  return "  - {name: " + name + ", sha256: " + hex + more + "}\n";
}

inline std::string bearer(const std::string& key) {
  return "Authorization: Bearer " + key + "\r\n";
}

} // namespace guardrails::test
