// nginx as a plain child process that passes requests on: what a gateway without any opinion costs.
#pragma once

#include "tests/child_process.hpp"
#include "tests/scratch_folder.hpp"

#include <arpa/inet.h>
#include <cstdint>
#include <filesystem>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace guardrails::bench {

/// Where nginx is installed; empty: it is not.
inline std::filesystem::path find_nginx() {
  for (const char* path : {"/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"})
    if (std::filesystem::exists(path))
      return path;
  return {};
}

/// A port of 127.0.0.1 that nobody listens on now.
inline std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  if (!bound)
    throw std::runtime_error{"no free port"};
  return ntohs(address.sin_port);
}

inline bool listens(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

class nginx_process {
public:
  /// `launcher` goes before nginx's own command. Throws when nginx does not listen soon.
  nginx_process(std::uint16_t upstream, std::vector<std::string> launcher)
    : port_{free_port()} {
    const auto config = folder_.file("nginx.conf", config_text(upstream));
    launcher.insert(launcher.end(),
                    {find_nginx().string(), "-e", "stderr", "-p", folder_.path("."), "-c", config});
    const auto program = launcher.front();
    launcher.erase(launcher.begin());
    child_.emplace(program, launcher);
    for (int i = 0; i < 500 && !listens(port_); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    if (!listens(port_))
      throw std::runtime_error{"nginx does not listen"};
  }

  std::uint16_t port() const noexcept { return port_; }
  pid_t id() const noexcept { return child_->id(); }

private:
  std::string config_text(std::uint16_t upstream) const {
    std::string folders;
    for (const std::string name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      folders.append("  ").append(name).append("_temp_path ").append(folder_.path(name)).append(";\n");
    return "daemon off;\nmaster_process off;\nworker_processes 1;\nerror_log stderr error;\npid " +
           folder_.path("nginx.pid") + ";\nevents { worker_connections 4096; }\nhttp {\n" + folders +
           "  access_log off;\n  keepalive_requests 100000000;\n  upstream model {\n    server 127.0.0.1:" +
           std::to_string(upstream) +
           ";\n    keepalive 128;\n    keepalive_requests 100000000;\n  }\n  server {\n    listen "
           "127.0.0.1:" +
           std::to_string(port_) +
           ";\n    location / {\n      proxy_pass http://model;\n      proxy_http_version 1.1;\n"
           "      proxy_set_header Connection \"\";\n    }\n  }\n}\n";
  }

  test::scratch_folder folder_;
  std::uint16_t port_;
  std::optional<test::child_process> child_;
};

} // namespace guardrails::bench
