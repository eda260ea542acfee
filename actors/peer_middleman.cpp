// A doorman that is handed agreed sessions, and scribes that read and write them, for CAF's broker.
#include "actors/peer_middleman.hpp"

#include "net/peer_connect.hpp"

#include <guardrails/caf_network.hpp>

#include <caf/io/basp/header.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/io/network/acceptor_impl.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/stream_impl.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <sys/socket.h>

namespace guardrails::actors {

namespace {

namespace network = caf::io::network;

constexpr std::chrono::seconds longest_connect{5};

/// Follows what a peer says from header to header. CAF makes room for as much as one announces.
class announced_lengths {
public:
  explicit announced_lengths(std::uint64_t longest)
    : longest_{longest} {}

  /// False: one announces more than any message has.
  bool follow(const char* bytes, std::size_t count) {
    while (count > 0) {
      const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(left_, count));
      left_ -= skipped;
      bytes += skipped;
      count -= skipped;
      if (count == 0)
        break;
      header_[filled_++] = static_cast<std::uint8_t>(*bytes++);
      --count;
      if (filled_ < header_.size())
        continue;
      filled_ = 0;
      left_ = announced();
      if (left_ > longest_)
        return false;
    }
    return true;
  }

private:
  std::uint64_t announced() const {
    std::uint64_t length = 0;
    for (std::size_t at = 4; at < 8; ++at) // after operation, padding and flags
      length = length << 8 | header_[at];
    return length;
  }

  std::uint64_t longest_;
  std::array<std::uint8_t, caf::io::basp::header_size> header_{};
  std::size_t filled_ = 0;
  std::uint64_t left_ = 0; // of the message after the header
};

/// How CAF's event loop reads and writes a session. No call waits for the other direction: peers speak
/// TLS 1.3, without renegotiation, or plain.
class session_policy {
public:
  session_policy(net::tls_ptr tls, std::uint64_t longest_message)
    : tls_{std::move(tls)}
    , heard_{longest_message} {}

  network::rw_state read_some(std::size_t& result, network::native_socket socket, void* to,
                              std::size_t size) {
    const auto got = net::read_some(socket, tls_.get(), to, size);
    result = got.count;
    return heard_.follow(static_cast<const char*>(to), result) ? state_of(got.state)
                                                               : network::rw_state::failure;
  }

  network::rw_state write_some(std::size_t& result, network::native_socket socket, const void* from,
                               std::size_t size) {
    result = 0;
    if (size == 0)
      return network::rw_state::success;
    const auto put = net::write_some(socket, tls_.get(), from, size);
    result = put.count;
    return state_of(put.state);
  }

  /// What OpenSSL has decrypted already wakes nobody.
  bool must_read_more(network::native_socket, std::size_t threshold) {
    return tls_ && static_cast<std::size_t>(SSL_pending(tls_.get())) >= threshold;
  }

private:
  static network::rw_state state_of(net::transfer_state state) {
    switch (state) {
    case net::transfer_state::done:
      return network::rw_state::success;
    case net::transfer_state::wants_read:
    case net::transfer_state::wants_write:
      return network::rw_state::indeterminate;
    case net::transfer_state::ended:
      break;
    }
    return network::rw_state::failure;
  }

  net::tls_ptr tls_;
  announced_lengths heard_;
};

class session_scribe : public caf::io::scribe {
public:
  /// Takes the socket.
  session_scribe(network::default_multiplexer& backend, net::peer_session session,
                 std::uint64_t longest_message)
    : scribe{network::conn_hdl_from_socket(session.socket.get())}
    , stream_{backend, session.socket.release(), std::move(session.tls), longest_message} {}

  void configure_read(caf::io::receive_policy::config how) override {
    stream_.configure_read(how);
    if (!std::exchange(launched_, true))
      stream_.start(this);
  }

  void ack_writes(bool enable) override { stream_.ack_writes(enable); }
  std::vector<char>& wr_buf() override { return stream_.wr_buf(); }
  std::vector<char>& rd_buf() override { return stream_.rd_buf(); }
  void flush() override { stream_.flush(this); }
  void add_to_loop() override { stream_.activate(this); }
  void remove_from_loop() override { stream_.passivate(); }

  void graceful_shutdown() override {
    stream_.graceful_shutdown();
    detach(&stream_.backend(), false);
  }

  std::string addr() const override {
    const auto address = network::remote_addr_of_fd(stream_.fd());
    return address ? *address : std::string{};
  }

  std::uint16_t port() const override {
    const auto port = network::remote_port_of_fd(stream_.fd());
    return port ? *port : std::uint16_t{0};
  }

private:
  bool launched_ = false;
  network::stream_impl<session_policy> stream_;
};

/// What a listener brings, between the loop's event and the doorman.
struct arrivals {
  net::peer_listener listener;
  std::optional<net::peer_session> next{};
};

class arrival_policy {
public:
  explicit arrival_policy(arrivals* from)
    : from_{from} {}

  bool try_accept(network::native_socket& result, network::native_socket signal) {
    char one = 0;
    if (recv(signal, &one, 1, MSG_DONTWAIT) != 1)
      return false;
    from_->next = from_->listener.take();
    if (from_->next)
      result = from_->next->socket.get();
    return from_->next.has_value();
  }

private:
  arrivals* from_;
};

class session_doorman : public caf::io::doorman {
public:
  session_doorman(network::default_multiplexer& backend, std::unique_ptr<arrivals> from, std::string host,
                  int signal, std::uint64_t longest_message)
    : doorman{network::accept_hdl_from_socket(signal)}
    , from_{std::move(from)}
    , host_{std::move(host)}
    , longest_message_{longest_message}
    , acceptor_{backend, signal, from_.get()} {}

  bool new_connection() override {
    auto session = std::exchange(from_->next, std::nullopt);
    if (detached() || !session)
      return false;
    auto scribe =
      caf::make_counted<session_scribe>(acceptor_.backend(), std::move(*session), longest_message_);
    const auto handle = scribe->hdl();
    parent()->add_scribe(std::move(scribe));
    return doorman::new_connection(&acceptor_.backend(), handle);
  }

  void launch() override { acceptor_.start(this); }
  void add_to_loop() override { acceptor_.activate(this); }
  void remove_from_loop() override { acceptor_.passivate(); }
  std::string addr() const override { return host_; }
  std::uint16_t port() const override { return from_->listener.port(); }

  void graceful_shutdown() override {
    acceptor_.graceful_shutdown();
    detach(&acceptor_.backend(), false);
  }

private:
  std::unique_ptr<arrivals> from_;
  std::string host_;
  std::uint64_t longest_message_;
  network::acceptor_impl<arrival_policy> acceptor_;
};

class peer_middleman : public caf::io::middleman_actor_impl {
public:
  peer_middleman(caf::actor_config& config, caf::actor broker, net::peer_identity ours,
                 std::uint64_t longest_message, net::peer_listener::report tell)
    : middleman_actor_impl{config, std::move(broker)}
    , ours_{std::move(ours)}
    , longest_message_{longest_message}
    , tell_{std::move(tell)} {}

protected:
  caf::expected<caf::io::scribe_ptr> connect(const std::string& host, std::uint16_t port) override {
    net::block_pipe_signal(); // of this actor's own thread
    auto connection = net::connect_to_peer(ours_, host, port, longest_connect);
    if (!connection.session)
      return caf::make_error(caf::sec::cannot_connect_to_node, connection.problem, host, port);
    caf::io::scribe_ptr scribe =
      caf::make_counted<session_scribe>(backend(), std::move(*connection.session), longest_message_);
    return scribe;
  }

  caf::expected<caf::io::doorman_ptr> open(std::uint16_t port, const char* address, bool) override {
    const std::string host = address == nullptr ? "0.0.0.0" : address;
    try {
      std::unique_ptr<arrivals> from{new arrivals{{ours_, host, port, tell_}}};
      const auto signal = from->listener.release_signal();
      caf::io::doorman_ptr made =
        caf::make_counted<session_doorman>(backend(), std::move(from), host, signal, longest_message_);
      return made;
    } catch (const std::exception& problem) {
      return caf::make_error(caf::sec::cannot_open_port, std::string{problem.what()});
    }
  }

private:
  network::default_multiplexer& backend() {
    return dynamic_cast<network::default_multiplexer&>(system().middleman().backend());
  }

  net::peer_identity ours_;
  std::uint64_t longest_message_;
  net::peer_listener::report tell_;
};

} // namespace

caf::io::middleman_actor spawn_peer_middleman(caf::actor_system& system, net::peer_identity ours,
                                              std::uint64_t longest_message,
                                              net::peer_listener::report tell) {
  system.middleman().run_later([] { net::block_pipe_signal(); });
  return system.spawn<peer_middleman, caf::detached + caf::hidden>(
    protocol_broker_of(system), std::move(ours), longest_message, std::move(tell));
}

} // namespace guardrails::actors
