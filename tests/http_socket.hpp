// A client of HTTP/1.1 over a plain socket that says exactly what it is told, and what gateways are asked by
// it.
#pragma once

#include <boost/json.hpp>

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace guardrails::test {

/// One answer; status 0: there was none.
struct answer {
  int status = 0;
  std::string head;
  std::string body;
  int chunks = 0;

  std::string header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos)
      return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// A client that says exactly what it is told.
class client {
public:
  explicit client(std::uint16_t port)
    : fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~client() { close(fd_); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool connected() const noexcept { return connected_; }
  int descriptor() const noexcept { return fd_; }

  bool write(std::string_view text) {
    while (!text.empty()) {
      const auto count = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  void end_writing() { shutdown(fd_, SHUT_WR); }

  /// `has_body`: as answers to HEAD have none.
  answer read(bool has_body = true) {
    answer result;
    std::size_t end = 0;
    while ((end = text_.find("\r\n\r\n")) == std::string::npos)
      if (!receive())
        return result;
    result.head = text_.substr(0, end + 2);
    text_.erase(0, end + 4);
    result.status = std::stoi(result.head.substr(9, 3));
    if (result.header("Transfer-Encoding") == "chunked") {
      while (auto chunk = read_chunk()) {
        if (chunk->empty())
          return result;
        ++result.chunks;
        result.body += *chunk;
      }
      return {}; // cut off
    }
    const auto length = has_body ? result.header("Content-Length") : std::string{};
    const auto size = length.empty() ? std::size_t{0} : std::stoul(length);
    while (text_.size() < size)
      if (!receive())
        return {};
    result.body = text_.substr(0, size);
    text_.erase(0, size);
    return result;
  }

  /// Waits for a part of what comes, and keeps it.
  bool sees(std::string_view part) {
    while (text_.find(part) == std::string::npos)
      if (!receive())
        return false;
    return true;
  }

  /// Whether the server ends the connection, with nothing more to say.
  bool ended() { return closed() && text_.empty(); }

  /// Whether the server ends the connection, whatever it says before.
  bool closed() {
    while (receive())
      ;
    return over_;
  }

  answer ask(std::string_view request) { return write(request) ? read() : answer{}; }

private:
  /// Null: the server left before its end.
  std::optional<std::string> read_chunk() {
    std::size_t end = 0;
    while ((end = text_.find("\r\n")) == std::string::npos)
      if (!receive())
        return std::nullopt;
    const auto size = std::stoul(text_.substr(0, end), nullptr, 16);
    while (text_.size() < end + 2 + size + 2)
      if (!receive())
        return std::nullopt;
    auto chunk = text_.substr(end + 2, size);
    text_.erase(0, end + 2 + size + 2);
    return chunk;
  }

  bool receive() {
    pollfd entry{fd_, POLLIN, 0};
    char block[16384];
    if (poll(&entry, 1, 20'000) <= 0)
      return false;
    const auto count = recv(fd_, block, sizeof block, 0);
    over_ = count <= 0;
    if (count > 0)
      text_.append(block, static_cast<std::size_t>(count));
    return count > 0;
  }

  int fd_;
  bool connected_ = false;
  bool over_ = false;
  std::string text_;
};

inline std::string get_request(const std::string& path, const std::string& headers = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

inline std::string post_request(const std::string& path, const std::string& body,
                                const std::string& headers = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

inline std::string chat_body(const std::string& text, const std::string& more = {}) {
  return boost::json::serialize(boost::json::object{{"model", "m"},
                                                    {"messages", boost::json::array{boost::json::object{
                                                                   {"role", "user"}, {"content", text}}}}})
    .substr(0, std::string::npos)
    .insert(1, more);
}

inline std::string chat_request(const std::string& text, const std::string& headers = {},
                                const std::string& more = {}) {
  return post_request("/v1/chat/completions", chat_body(text, more), headers);
}

inline std::string content_of(const answer& got) {
  return boost::json::parse(got.body).at("choices").at(0).at("message").at("content").as_string().c_str();
}

inline std::string code_of(const answer& got) {
  const auto body = boost::json::parse(got.body);
  const auto* code = body.at("error").at("code").if_string();
  return code ? code->c_str() : "";
}

} // namespace guardrails::test
