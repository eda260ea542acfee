// Peers that agree on sessions, and everybody else at their port.
#define CAF_SUITE peer_session
#include "tests/caf_test.hpp"

#include "net/certificates.hpp"
#include "net/peer_connect.hpp"
#include "net/peer_listener.hpp"

#include "tests/http_socket.hpp"
#include "tests/scratch_folder.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace {

using namespace guardrails::net;
using namespace std::chrono_literals;
using guardrails::test::client;
using std::chrono::sys_seconds;

constexpr auto limit = 20s; // only tells late from never

/// Collects what a listener says.
class log_lines {
public:
  peer_listener::report report() {
    return [this](const std::string& line) {
      const std::lock_guard guard{mutex_};
      lines_.push_back(line);
      changed_.notify_all();
    };
  }

  bool wait_for(const std::string& part, std::size_t times = 1) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, limit, [&] { return count_locked(part) >= times; });
  }

  std::size_t count(const std::string& part) {
    const std::lock_guard guard{mutex_};
    return count_locked(part);
  }

private:
  std::size_t count_locked(const std::string& part) const {
    return static_cast<std::size_t>(
      std::ranges::count_if(lines_, [&](const auto& line) { return line.find(part) != std::string::npos; }));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

struct fixture {
  const guardrails::test::scratch_folder scratch;
  const sys_seconds now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const validity good{now - 1h, now + 24h};
  const validity past{now - 2h, now - 1h};
  const certified_key ours = make_authority("one", good);
  const certified_key others = make_authority("one", good);
  log_lines log;

  peer_identity identity(const certified_key& authority, validity valid,
                         const std::string& token = "t") const {
    const auto node = make_node(authority, "a", {}, valid);
    return {{scratch.file("c.pem", node.certificate), scratch.file("k.pem", node.key),
             scratch.file("ca.pem", ours.certificate)},
            token};
  }

  peer_identity us() const { return identity(ours, good); }

  static peer_connection ask(const peer_identity& who, const peer_listener& at) {
    return connect_to_peer(who, "127.0.0.1", at.port(), limit);
  }

  /// Waits for the session that the other side agreed on.
  static peer_session next(peer_listener& from) {
    for (;;) {
      if (auto session = from.take())
        return std::move(*session);
      std::this_thread::sleep_for(1ms);
    }
  }

  bool gets_in(peer_listener& at) const { return ask(us(), at).session.has_value(); }

  bool is_refused(const peer_identity& who, peer_listener& at, const std::string& why) {
    const auto got = ask(who, at);
    return !got.session && !got.problem.empty() && log.wait_for(why) && gets_in(at);
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("peers of one authority with one token agree, and talk") {
    peer_listener listener{us(), "127.0.0.1", 0, log.report()};
    const auto asking = ask(us(), listener);
    REQUIRE(asking.session.has_value());
    const auto answering = next(listener);
    CHECK_EQ(SSL_write(asking.session->tls.get(), "hello", 5), 5);
    char block[16] = {};
    auto count = -1;
    while ((count = SSL_read(answering.tls.get(), block, sizeof block)) < 0)
      ;
    CHECK_EQ(std::string(block, 5), "hello");
    CHECK_EQ(count, 5);
  }

  TEST("without TLS peers with one token and one dialect agree, and talk") {
    const peer_identity plain{"t", "d 1"};
    peer_listener listener{plain, "127.0.0.1", 0, log.report()};
    const auto asking = ask(plain, listener);
    REQUIRE(asking.session.has_value());
    CHECK(asking.session->tls == nullptr);
    const auto answering = next(listener);
    CHECK_EQ(write_some(asking.session->socket.get(), nullptr, "hello", 5).count, 5u);
    char block[16] = {};
    auto got = transferred{transfer_state::wants_read};
    while (got.state == transfer_state::wants_read)
      got = read_some(answering.socket.get(), nullptr, block, sizeof block);
    CHECK_EQ(std::string(block, got.count), "hello");
  }

  TEST("without TLS a wrong token, another dialect and a peer with TLS are refused, and both sides say why") {
    const peer_identity plain{"t", "d 1"};
    peer_listener listener{plain, "127.0.0.1", 0, log.report()};
    CHECK_EQ(ask(peer_identity{"other", "d 1"}, listener).problem, "its token is another than ours");
    CHECK(log.wait_for("wrong token"));
    CHECK_EQ(ask(peer_identity{"t", "d 2"}, listener).problem, "it speaks d 1, and we d 2");
    CHECK(log.wait_for("it speaks d 2, and we d 1"));
    CHECK(!ask(us(), listener).session.has_value());
    CHECK(log.wait_for("it speaks TLS, and we do not"));
    peer_listener guarded{us(), "127.0.0.1", 0, log.report()};
    CHECK(!ask(plain, guarded).session.has_value());
    CHECK(log.wait_for("handshake: "));
    CHECK(ask(plain, listener).session.has_value());
  }

  TEST("without TLS anything else at the port is refused and said, and peers come in as before") {
    const peer_identity plain{"t"};
    peer_listener listener{plain, "127.0.0.1", 0, log.report(), {500ms, 64, 10}};
    client stranger{listener.port()};
    stranger.write("\x80\x01\x02 nothing at all");
    CHECK(log.wait_for("it speaks another protocol"));
    client half{listener.port()};
    half.write("guardrails 2\nd");
    client silent{listener.port()};
    CHECK(log.wait_for("no agreement in time", 2));
    CHECK(ask(plain, listener).session.has_value());
  }

  TEST("of who only tries the port nothing is said once he comes back and agrees, and of others it is") {
    peer_listener listener{peer_identity{"t"}, "127.0.0.1", 0, log.report(), {500ms, 64, 10}};
    { const client one{listener.port()}; }
    CHECK(log.wait_for("the connection ended"));
    { const client again{listener.port()}; }
    CHECK(ask(peer_identity{"t"}, listener).session.has_value());
    { const client third{listener.port()}; }
    CHECK(log.wait_for("the connection ended", 2));
    CHECK_EQ(log.count("the connection ended"), 2u);
  }

  TEST("a certificate of another authority, one that expired, and a wrong token are refused, and said") {
    peer_listener listener{us(), "127.0.0.1", 0, log.report()};
    CHECK(is_refused(identity(others, good), listener, "refused 127.0.0.1:"));
    CHECK(is_refused(identity(ours, past), listener, "certificate has expired"));
    CHECK(is_refused(identity(ours, good, "other"), listener, "wrong token"));
  }

  TEST("whoever listens with a wrong certificate is not talked to") {
    for (const auto& who : {identity(others, good), identity(ours, past)}) {
      peer_listener listener{who, "127.0.0.1", 0, log.report()};
      const auto got = ask(us(), listener);
      CHECK(!got.session.has_value());
      CHECK(got.problem.starts_with("handshake: "));
    }
  }

  TEST("random bytes, HTTP and connections that end are refused, and peers come in as before") {
    peer_listener listener{us(), "127.0.0.1", 0, log.report()};
    client stranger{listener.port()};
    stranger.write(std::string("\xff\x01\x02 nothing at all \x80\x00", 20));
    CHECK(log.wait_for("handshake: "));
    client browser{listener.port()};
    browser.write("GET / HTTP/1.1\r\n\r\n");
    CHECK(log.wait_for("http request"));
    for (int i = 0; i < 200; ++i)
      client{listener.port()};
    CHECK(gets_in(listener));
    CHECK(log.wait_for("more were refused"));
  }

  TEST("those who say nothing have to leave, and make room before that") {
    peer_listener listener{us(), "127.0.0.1", 0, log.report(), {200ms, 4, 100}};
    std::vector<std::unique_ptr<client>> silent;
    for (int i = 0; i < 10; ++i)
      silent.push_back(std::make_unique<client>(listener.port()));
    CHECK(log.wait_for("too many have not agreed yet", 6));
    CHECK(log.wait_for("no agreement in time", 4));
    for (const auto& one : silent)
      CHECK(one->ended());
    CHECK(gets_in(listener));
  }

  TEST("files that cannot be used are named, and so are places to listen at") {
    const auto pem = scratch.file("x.pem", "nothing");
    auto said = std::string{};
    try {
      const peer_identity none{{pem, pem, pem}, {}};
    } catch (const std::runtime_error& problem) {
      said = problem.what();
    }
    CHECK(said.starts_with(pem + ": expected a certificate"));
    const peer_listener first{us(), "127.0.0.1", 0, log.report()};
    for (const auto& [host, port] : {std::pair{"localhost", 0}, std::pair{"127.0.0.1", int{first.port()}}}) {
      auto refused = false;
      try {
        const peer_listener second{us(), host, static_cast<std::uint16_t>(port), log.report()};
      } catch (const std::runtime_error&) {
        refused = true;
      }
      CHECK(refused);
    }
  }

  TEST("nobody there, and somebody who never answers") {
    CHECK(!connect_to_peer(us(), "127.0.0.1", 1, limit).session.has_value());
    CHECK(!connect_to_peer(us(), "no.such.host.invalid", 1, limit).session.has_value());
    const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK_EQ(bind(silent, reinterpret_cast<const sockaddr*>(&address), size), 0);
    CHECK_EQ(listen(silent, 1), 0);
    getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size);
    const auto got = connect_to_peer(us(), "127.0.0.1", ntohs(address.sin_port), 100ms);
    CHECK_EQ(got.problem, "it does not answer");
    close(silent);
  }

} // WITH_FIXTURE(fixture)
