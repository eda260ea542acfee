// Actors of two systems that talk over agreed sessions, while others try the port.
#define CAF_SUITE peer_middleman
#include "tests/caf_test.hpp"

#include "actors/peer_middleman.hpp"
#include "net/certificates.hpp"

#include "tests/http_socket.hpp"
#include "tests/scratch_folder.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <memory>

namespace {

using namespace guardrails;
using namespace std::chrono_literals;

constexpr auto limit = 20s; // only tells late from never

struct echo : caf::event_based_actor {
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](const std::string& text) { return text; }};
  }
};

struct settings : caf::actor_system_config {
  settings() {
    load<caf::io::middleman>();
    set("scheduler.max-threads", 1);
  }
};

/// An actor system with a network of its own.
struct place {
  explicit place(const net::peer_identity& ours, std::uint64_t longest_message = 4'000'000)
    : network{actors::spawn_peer_middleman(system, ours, longest_message, [](const std::string&) {})} {}
  ~place() { caf::anon_send_exit(network, caf::exit_reason::user_shutdown); }

  std::uint16_t publish(const caf::actor& whom) {
    caf::scoped_actor self{system};
    std::uint16_t opened = 0;
    self
      ->request(network, limit, caf::publish_atom::value, std::uint16_t{0},
                caf::actor_cast<caf::strong_actor_ptr>(whom), std::set<std::string>{},
                std::string{"127.0.0.1"}, true)
      .receive([&](std::uint16_t port) { opened = port; }, [](const caf::error&) {});
    return opened;
  }

  caf::actor connect(std::uint16_t port) {
    caf::scoped_actor self{system};
    caf::actor found;
    self->request(network, limit, caf::connect_atom::value, std::string{"127.0.0.1"}, port)
      .receive([&](const caf::node_id&, const caf::strong_actor_ptr& actor,
                   const std::set<std::string>&) { found = caf::actor_cast<caf::actor>(actor); },
               [](const caf::error&) {});
    return found;
  }

  std::string ask(const caf::actor& whom, const std::string& text) {
    caf::scoped_actor self{system};
    std::string said;
    self->request(whom, limit, text)
      .receive([&](std::string& answer) { said = std::move(answer); }, [](const caf::error&) {});
    return said;
  }

  /// Whether the connection to an actor ends when it is sent a text.
  bool is_left_for(const caf::actor& whom, const std::string& text) {
    caf::scoped_actor self{system};
    self->monitor(whom);
    self->send(whom, text);
    bool left = false;
    self->receive([&](const caf::down_msg&) { left = true; }, caf::after(limit) >> [] {});
    return left;
  }

  settings config;
  caf::actor_system system{config};
  caf::io::middleman_actor network;
};

struct fixture {
  const guardrails::test::scratch_folder scratch;
  const std::chrono::sys_seconds now =
    std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const net::certified_key authority = net::make_authority("one", {now - 1h, now + 24h});

  net::peer_identity identity(const net::certified_key& by) const {
    const auto node = net::make_node(by, "a", {}, {now - 1h, now + 24h});
    return {{scratch.file("c.pem", node.certificate), scratch.file("k.pem", node.key),
             scratch.file("ca.pem", authority.certificate)},
            "token"};
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("an actor is reached over TLS with texts of all lengths, both ways") {
    place there{identity(authority)};
    place here{identity(authority)};
    const auto actor = there.system.spawn<echo>();
    const auto port = there.publish(actor);
    CHECK(port != 0);
    const auto found = here.connect(port);
    REQUIRE(static_cast<bool>(found));
    for (const auto length : {0u, 1u, 16'384u, 16'385u, 3'000'000u}) {
      const std::string text(length, 'x');
      CHECK(here.ask(found, text) == text);
    }
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  TEST("who does not agree gets no actor, and the others go on") {
    place there{identity(authority)};
    const auto actor = there.system.spawn<echo>();
    const auto port = there.publish(actor);
    place stranger{identity(net::make_authority("one", {now - 1h, now + 24h}))};
    CHECK(!stranger.connect(port));
    std::vector<std::unique_ptr<test::client>> silent;
    for (int i = 0; i < 100; ++i)
      silent.push_back(std::make_unique<test::client>(port));
    place here{identity(authority)};
    const auto found = here.connect(port);
    REQUIRE(static_cast<bool>(found));
    CHECK_EQ(here.ask(found, "hello"), "hello");
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  TEST("who announces more than a message may have is left, and the others go on") {
    place there{identity(authority), 100'000};
    const auto actor = there.system.spawn<echo>();
    const auto port = there.publish(actor);
    place loud{identity(authority)};
    const auto found = loud.connect(port);
    REQUIRE(static_cast<bool>(found));
    const std::string text(99'000, 'x');
    CHECK(loud.ask(found, text) == text);
    CHECK(loud.is_left_for(found, text + text));
    place here{identity(authority)};
    const auto again = here.connect(port);
    REQUIRE(static_cast<bool>(again));
    CHECK(here.ask(again, text) == text);
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  TEST("without TLS an actor is reached too, and who announces too much is left") {
    const net::peer_identity plain{"token"};
    place there{plain, 100'000};
    const auto actor = there.system.spawn<echo>();
    const auto port = there.publish(actor);
    test::client stranger{port};
    stranger.write(std::string(4, '\0') + "\xff\xff\xff\xf0" + std::string(24, '\0')); // a header of BASP
    CHECK(stranger.ended());
    place loud{plain};
    const auto found = loud.connect(port);
    REQUIRE(static_cast<bool>(found));
    const std::string text(99'000, 'x');
    CHECK(loud.ask(found, text) == text);
    CHECK(loud.is_left_for(found, text + text));
    place here{plain};
    const auto again = here.connect(port);
    REQUIRE(static_cast<bool>(again));
    CHECK(here.ask(again, text) == text);
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }

  TEST("where nobody listens there is no actor") {
    place here{identity(authority)};
    CHECK(!here.connect(1));
  }

} // WITH_FIXTURE(fixture)
