// Runtimes that use nodes: real ones, each with an actor system of its own, over loopback sockets.
#define CAF_SUITE nodes
#include "actors/handshake.hpp"
#include "actors/peer_middleman.hpp"
#include "tests/caf_test.hpp"
#include "tests/node_support.hpp"
#include "tests/scratch_folder.hpp"

#include <guardrails/actors.hpp>
#include <guardrails/caf_network.hpp>
#include <guardrails/guardrails.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;

namespace {

rails_config config_of(const std::string& cluster, const std::string& llm = "engine: echo",
                       const std::string& rails = "check_toxicity: false, check_semantic: false") {
  return rails_config::from_content("llm: {" + llm + "}\nguardrails: {" + rails + "}\ncluster: {" + cluster +
                                    "}\n");
}

std::unique_ptr<rails_node> make_node(std::uint16_t port = 0, const std::string& cluster = "heartbeat: 300ms",
                                      const std::string& llm = "engine: echo") {
  node_options options;
  options.port = port;
  options.runtime = small_runtime();
  return std::make_unique<rails_node>(config_of(cluster, llm), options);
}

std::vector<chat_message> saying(std::string text) {
  return {{"user", std::move(text)}};
}

/// Answers of so many generations that run at once.
std::vector<generation> ask_many(llm_rails& rails, int count) {
  std::vector<async<generation>> tasks;
  for (int i = 0; i < count; ++i)
    tasks.push_back(rails.generate_async(saying("number " + std::to_string(i)), return_details));
  return gather(std::move(tasks)).get();
}

bool each_has_its_own(const std::vector<generation>& results) {
  for (std::size_t i = 0; i < results.size(); ++i)
    if (results[i].final_response != "number " + std::to_string(i))
      return false;
  return true;
}

/// Somebody who speaks CAF and reaches the node's port.
struct stranger {
  struct settings : network_config {
    settings() {
      enlist_types(*this);
      set_scheduler(*this, 1, scheduler_policy::sharing);
      load_network(*this, 500ms, 10s);
    }
  };

  explicit stranger(const rails_node& whose, const std::string& token = {}) {
    config.own_network = actors::spawn_peer_middleman(
      system, net::peer_identity{token, "CAF " + caf_family()}, 1u << 20, [](const std::string&) {});
    std::string problem;
    node = connect<node_actor>(self, "127.0.0.1", whose.port(), 10s, problem);
  }
  ~stranger() { post_exit(std::exchange(config.own_network, nullptr), caf::exit_reason::user_shutdown); }

  /// The fronts of the node, which are known by name to all who ever were let in.
  std::vector<front_actor> join() { return enter().doors; }

  node_welcome enter() {
    node_welcome welcome;
    const auto own = actors::node_identity::own({});
    mail(&*self, node_join{1, own.protocol, own.caf, own.schema, own.token})
      .request(node, caf::timespan{10s})
      .receive([&](node_welcome& said) { welcome = std::move(said); }, [](const caf::error&) {});
    return welcome;
  }

  void ask(const node_welcome& welcome, std::uint64_t dispatch, const std::string& version) {
    guest_request request;
    request.dispatch = dispatch;
    request.pass = welcome.pass;
    request.policy = policy_ref::from_wire(version);
    request.messages = conversation{saying("hello")};
    request.life = request_life{std::chrono::steady_clock::now() + 20s};
    mail(&*self, std::move(request)).send(welcome.doors.at(0));
  }

  settings config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  node_actor node;
};

} // namespace

TEST("a generation on a node is the same as one here") {
  const auto node = make_node();
  const std::string rails = "check_toxicity: false, check_semantic: false, pii: {enabled: true, reversible: "
                            "true, mask_format: '<ENTITY_TYPE_N>'}, check_sensitive_data: false";
  llm_rails there{
    config_of("local: false, heartbeat: 300ms, nodes: ['" + address_of(*node) + "']", "engine: echo", rails),
    small_runtime()};
  llm_rails here{config_of("heartbeat: 300ms", "engine: echo", rails), small_runtime()};
  for (const auto* text : {"hello", "write to jane@example.com, please"}) {
    const auto far = there.generate(saying(text), return_details);
    const auto near = here.generate(saying(text), return_details);
    CHECK_EQ(far.final_response, near.final_response);
    CHECK_EQ(far.llm_response.value_or("none"), near.llm_response.value_or("none"));
    CHECK_EQ(far.blocked, near.blocked);
    CHECK_EQ(far.config_version, near.config_version);
    CHECK_EQ(far.messages.size(), 1u);
    const auto far_findings = far.input_check.value().findings.size();
    const auto near_findings = near.input_check.value().findings.size();
    CHECK_EQ(far_findings, near_findings);
    const auto far_off = far.input_check.value().checks_off;
    const auto near_off = near.input_check.value().checks_off;
    CHECK(far_off == near_off);
  }
  const auto nodes = there.nodes();
  REQUIRE(nodes.size() == 1);
  CHECK_EQ(nodes[0].answered, 2u);
  CHECK_EQ(nodes[0].lanes, 2u);
  CHECK(nodes[0].state == node_state::open);
}

TEST("many generations over two nodes and here are all answered, each with its own text") {
  const auto one = make_node();
  const auto two = make_node();
  llm_rails rails{
    config_of("heartbeat: 300ms, nodes: ['" + address_of(*one) + "', '" + address_of(*two) + "']",
              "engine: echo, latency: 5ms"),
    small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 2); }));
  CHECK(each_has_its_own(ask_many(rails, 2'000)));
  for (const auto& node : rails.nodes())
    CHECK(node.answered > 0);
}

TEST("a stream from a node is shown as it comes, and says the same") {
  const auto node = make_node();
  llm_rails rails{config_of("local: false, heartbeat: 300ms, nodes: ['" + address_of(*node) + "']"),
                  small_runtime()};
  auto stream = rails.generate_stream(saying("hello there"));
  std::string shown;
  while (const auto piece = stream.next())
    shown += *piece;
  const auto result = stream.result();
  CHECK_EQ(shown, "hello there");
  CHECK_EQ(result.final_response, "hello there");
}

TEST("when nodes go and come back, no generation is lost") {
  auto one = make_node();
  const auto port = one->port();
  const auto two = make_node();
  llm_rails rails{config_of("local: false, heartbeat: 300ms, nodes: ['" + address_of(*one) + "', '" +
                              address_of(*two) + "']",
                            "engine: echo, latency: 100ms"),
                  small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 2); }));
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 500; ++i)
    tasks.push_back(rails.generate_async(saying("number " + std::to_string(i)), return_details));
  CHECK(in_time([&] { return one->in_flight() > 0; }));
  one.reset();
  CHECK(each_has_its_own(gather(std::move(tasks)).get()));
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  one = make_node(port);
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 2); }));
  CHECK(each_has_its_own(ask_many(rails, 100)));
}

TEST("without a place to run, a generation waits for a node until its deadline") {
  auto node = make_node();
  const auto port = node->port();
  node.reset();
  llm_rails rails{
    config_of("local: false, heartbeat: 300ms, nodes: ['127.0.0.1:" + std::to_string(port) + "']"),
    small_runtime()};
  const auto late = rails.generate({saying("hello"), {}, 200ms});
  CHECK(late.block_reason == block_reason::timeout);
  auto waiting = rails.generate_async(saying("hello"), return_details);
  node = make_node(port);
  CHECK_EQ(waiting.get().final_response, "hello");
}

TEST("what waits for room at a node gets it, whichever front gave it back") {
  const auto node = make_node();
  llm_rails rails{config_of("local: false, credit: 1, heartbeat: 300ms, nodes: ['" + address_of(*node) + "']",
                            "engine: echo, latency: 50ms"),
                  small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  CHECK(each_has_its_own(ask_many(rails, 8)));
}

TEST("where others fill a node, requests wait for their turn") {
  const auto node = make_node(0, "heartbeat: 300ms", "engine: echo, pool: {max_in_flight: 1}");
  const auto config = config_of("local: false, heartbeat: 300ms, nodes: ['" + address_of(*node) + "']",
                                "engine: echo, latency: 50ms");
  llm_rails one{config, small_runtime()};
  llm_rails two{config, small_runtime()};
  CHECK(in_time([&] { return has_nodes(one, node_state::open, 1) && has_nodes(two, node_state::open, 1); }));
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 12; ++i)
    tasks.push_back(one.generate_async(saying("number " + std::to_string(i)), return_details));
  CHECK(each_has_its_own(ask_many(two, 12)));
  CHECK(each_has_its_own(gather(std::move(tasks)).get()));
}

TEST("nodes are added and taken away while generations run") {
  const auto node = make_node();
  llm_rails rails{config_of("heartbeat: 300ms"), small_runtime()};
  CHECK(rails.nodes().empty());
  rails.connect(address_of(*node));
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  auto tasks = rails.generate_async(saying("hello"), return_details);
  rails.disconnect(address_of(*node));
  CHECK_EQ(tasks.get().final_response, "hello");
  CHECK(in_time([&] { return rails.nodes().empty(); }));
  rails.update(config_of("heartbeat: 300ms, nodes: ['" + address_of(*node) + "']"));
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  rails.update(config_of("heartbeat: 300ms"));
  CHECK(in_time([&] { return rails.nodes().empty(); }));
  bool refused = false;
  try {
    rails.connect("nowhere");
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  CHECK(refused);
}

TEST("a node that drains ends what it has and gets no more") {
  const auto one = make_node();
  const auto two = make_node();
  llm_rails rails{config_of("local: false, heartbeat: 300ms, nodes: ['" + address_of(*one) + "', '" +
                              address_of(*two) + "']",
                            "engine: echo, latency: 50ms"),
                  small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 2); }));
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 200; ++i)
    tasks.push_back(rails.generate_async(saying("number " + std::to_string(i)), return_details));
  one->drain();
  CHECK(in_time([&] { return has_nodes(rails, node_state::draining, 1); }));
  CHECK(each_has_its_own(gather(std::move(tasks)).get()));
  CHECK(in_time([&] { return one->in_flight() == 0; }));
  const auto before = rails.nodes();
  CHECK(each_has_its_own(ask_many(rails, 50)));
  const auto after = rails.nodes();
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool draining = before[i].state == node_state::draining;
    CHECK_EQ(after[i].sent > before[i].sent, !draining);
    CHECK_EQ(after[i].redispatched, 0u);
  }
}

TEST("several configurations are live at a node at once, and one that it cannot use is a typed error") {
  const auto node = make_node();
  const auto cluster = "local: false, heartbeat: 300ms, nodes: ['" + address_of(*node) + "']";
  llm_rails rails{config_of(cluster, "engine: echo, latency: 200ms"), small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  auto earlier = rails.generate_async(saying("write to jane@example.com"), return_details);
  CHECK(in_time([&] { return node->in_flight() == 1; }));
  rails.update(config_of(cluster, "engine: echo",
                         "check_sensitive_data: false, check_toxicity: false, "
                         "check_semantic: false"));
  const auto later = rails.generate(saying("write to jane@example.com"), return_details);
  CHECK(!later.blocked);
  const auto first = earlier.get();
  CHECK(first.blocked);
  CHECK(first.config_version != later.config_version);

  auto in_code = config_of(cluster, "engine: openai_compatible, model: m, base_url: 'http://127.0.0.1:1/v1', "
                                    "api_key: sesame");
  rails.update(in_code);
  const auto refused = rails.generate(saying("hello"), return_details);
  CHECK(refused.block_reason == block_reason::llm_error);
  CHECK_EQ(refused.error.value().kind, "policy_unavailable");
  CHECK(refused.error.value().message.find("TLS") != std::string::npos);
  CHECK(refused.error.value().message.find("sesame") == std::string::npos);
}

TEST("where only the call of the model runs at nodes, the checks run here, and it is moved like the whole") {
  auto one = make_node();
  const auto two = make_node();
  const auto cluster = "placement: model_at_nodes, heartbeat: 300ms, nodes: ['" + address_of(*one) + "', '" +
                       address_of(*two) + "']";
  llm_rails rails{config_of(cluster, "engine: echo, latency: 100ms",
                            "check_toxicity: false, check_semantic: false, check_sensitive_data: false, pii: "
                            "{enabled: true, reversible: true, mask_format: '<ENTITY_TYPE_N>'}"),
                  small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 2); }));
  const auto masked = rails.generate(saying("write to jane@example.com, please"), return_details);
  CHECK_EQ(masked.final_response, "write to jane@example.com, please");
  CHECK(masked.llm_response.value_or("none").find("jane") == std::string::npos);
  CHECK(masked.input_check.has_value());
  CHECK(masked.output_check.has_value());
  std::vector<async<generation>> tasks;
  for (int i = 0; i < 200; ++i)
    tasks.push_back(rails.generate_async(saying("number " + std::to_string(i)), return_details));
  CHECK(in_time([&] { return one->in_flight() + two->in_flight() > 0; }));
  one.reset();
  CHECK(each_has_its_own(gather(std::move(tasks)).get()));
  auto stream = rails.generate_stream(saying("hello there"));
  std::string shown;
  while (const auto piece = stream.next())
    shown += *piece;
  CHECK_EQ(shown, "hello there");
  auto unwanted = rails.generate_async(saying("hello"), return_details);
  CHECK(in_time([&] { return two->in_flight() == 1; }));
  unwanted.cancel();
  CHECK(unwanted.get().block_reason == block_reason::cancelled);
  CHECK(in_time([&] { return two->in_flight() == 0; }));
}

TEST("a request that is too long for nodes runs here, and waits where nothing runs here") {
  const auto node = make_node();
  const auto nodes = "max_message_bytes: 1024, heartbeat: 300ms, nodes: ['" + address_of(*node) + "']";
  llm_rails rails{config_of(nodes), small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  const std::string text(2'000, 'x');
  CHECK_EQ(rails.generate(saying(text)), text);
  llm_rails afar{config_of("local: false, " + nodes), small_runtime()};
  const auto refused = afar.generate(saying(text), return_details);
  CHECK_EQ(refused.error.value().kind, "too_large");
}

TEST("a node lets nobody in without its token") {
  scratch_folder folder;
  const auto right = folder.file("right", "sesame-open-sesame-open\n");
  const auto wrong = folder.file("wrong", "sesame-shut-sesame-shut\n");
  const auto node = make_node(0, "heartbeat: 300ms, token_file: '" + right + "'");
  const auto nodes = "heartbeat: 300ms, nodes: ['" + address_of(*node) + "']";
  for (const auto& token : {std::string{}, ", token_file: '" + wrong + "'"}) {
    llm_rails stranger{config_of(nodes + token), small_runtime()};
    CHECK(in_time([&] {
      const auto seen = stranger.nodes();
      return seen.size() == 1 && seen[0].problem.find("its token is another than ours") != std::string::npos;
    }));
    CHECK(has_nodes(stranger, node_state::open, 0));
    CHECK_EQ(stranger.generate(saying("hello")), "hello");
  }
  llm_rails friendly{config_of(nodes + ", local: false, token_file: '" + right + "'"), small_runtime()};
  CHECK_EQ(friendly.generate(saying("hello")), "hello");
}

TEST("a peer of another version is told what differs") {
  const actors::node_identity own{1, "0.17", "abc", "a-long-enough-token"};
  const node_join same{1, 1, "0.17", "abc", "a-long-enough-token"};
  CHECK(!actors::find_refusal(same, own));
  const auto kind_of = [&](auto change) {
    auto other = same;
    change(other);
    const auto refusal = actors::find_refusal(other, own);
    return refusal ? refusal->kind : "none";
  };
  CHECK_EQ(kind_of([](node_join& x) { x.protocol = 2; }), "other_protocol");
  CHECK_EQ(kind_of([](node_join& x) { x.caf = "0.18"; }), "other_caf");
  CHECK_EQ(kind_of([](node_join& x) { x.schema = "abd"; }), "other_schema");
  CHECK_EQ(kind_of([](node_join& x) { x.token = "a-long-enough-tokem"; }), "wrong_token");
  CHECK_EQ(kind_of([](node_join& x) { x.token.clear(); }), "wrong_token");
}

TEST("a runtime on an actor system of somebody else uses nodes too") {
  const auto node = make_node();
  struct settings : caf::actor_system_config {
    settings() {
      enlist_types(*this);
      load<caf::io::middleman>();
    }
  };
  settings config;
  caf::actor_system system{config};
  const auto wanted = config_of("local: false, heartbeat: 50ms, nodes: ['" + address_of(*node) + "']");
  for (int round = 0; round < 2; ++round) {
    llm_rails rails{system, wanted};
    CHECK(each_has_its_own(ask_many(rails, 100)));
    CHECK(has_nodes(rails, node_state::open, 1));
  }
  caf::actor_system_config bare;
  enlist_types(bare);
  caf::actor_system without{bare};
  std::string problem;
  try {
    const llm_rails rails{without, wanted};
  } catch (const std::logic_error& refused) {
    problem = refused.what();
  }
  CHECK(problem.find("middleman") != std::string::npos);
}

TEST("who did not join neither drains a node nor learns how it is") {
  scratch_folder folder;
  const auto token = folder.file("token", "sesame-open-sesame-open\n");
  const auto node = make_node(0, "heartbeat: 50ms, token_file: '" + token + "'");
  stranger rogue{*node, "sesame-open-sesame-open"};
  REQUIRE(static_cast<bool>(rogue.node));
  mail(&*rogue.self, node_drain{}).send(rogue.node);
  bool told = true;
  mail(&*rogue.self, node_ping{1})
    .request(rogue.node, caf::timespan{10s})
    .receive([](const node_beat&) {}, [&](const caf::error&) { told = false; });
  CHECK(!told);
  llm_rails rails{config_of("local: false, heartbeat: 50ms, nodes: ['" + address_of(*node) +
                            "'], token_file: '" + token + "'"),
                  small_runtime()};
  CHECK_EQ(rails.generate(saying("hello")), "hello");
  CHECK(has_nodes(rails, node_state::open, 1));
}

TEST("what belongs to a house is taken from nobody else") {
  const auto node = make_node();
  stranger rogue{*node};
  const auto doors = rogue.join();
  REQUIRE(doors.size() == 2);
  for (const auto& door : doors) {
    mail(&*rogue.self, chain_lost{9'999, 5}).send(door);
    mail(&*rogue.self, chain_lost{0, 5}).send(door);
    mail(&*rogue.self, chain_opened{chain{9'999, 5, {}, {}, {}, {}}}).send(door);
    mail(&*rogue.self, policy_update{policy_ref::from_wire("abc")}).send(door);
    mail(&*rogue.self, policy_fetched{"abc", {}, {}}).send(door);
    for (std::uint64_t number = 0; number < 100; ++number)
      mail(&*rogue.self, answer{number, {}}).send(door);
    generation_request request;
    request.messages = saying("whose key is it?");
    bool served = true;
    mail(&*rogue.self, std::move(request))
      .request(door, caf::timespan{10s})
      .receive([](const generation&) {}, [&](const caf::error&) { served = false; });
    CHECK(!served);
  }
  llm_rails rails{config_of("local: false, heartbeat: 50ms, nodes: ['" + address_of(*node) + "']"),
                  small_runtime()};
  CHECK(each_has_its_own(ask_many(rails, 100)));
}

TEST("a text that is another configuration than the one that was asked for is refused") {
  const auto node = make_node();
  stranger rogue{*node};
  const auto welcome = rogue.enter();
  REQUIRE(!welcome.doors.empty());
  rogue.ask(welcome, 1, config_of("", "engine: echo, latency: 1ms").version());
  rogue.self->receive([](const policy_text_query& query) {
    return policy_text{query.version, "guardrails: {block_list: {words: [hello]}}", {}};
  });
  std::string kind;
  std::string problem;
  rogue.self->receive([&](const guest_answer& said) {
    if (said.result.error) {
      kind = said.result.error->kind;
      problem = said.result.error->message;
    }
  });
  CHECK_EQ(kind, "policy_unavailable");
  CHECK_EQ(problem, "the text is not the configuration that was asked for");
}

TEST("what a gateway that died left unanswered keeps no configuration from a node") {
  const auto node = make_node();
  llm_rails rails{config_of("local: false, heartbeat: 50ms, nodes: ['" + address_of(*node) + "']",
                            "engine: echo, latency: 1ms"),
                  small_runtime()};
  {
    stranger rogue{*node};
    const auto welcome = rogue.enter();
    REQUIRE(!welcome.doors.empty());
    for (std::uint64_t i = 0; i < 64; ++i)
      rogue.ask(welcome, i, "version " + std::to_string(i));
    for (int i = 0; i < 64; ++i)
      rogue.self->receive([](const policy_text_query&) {});
  }
  CHECK(in_time([&] { return rails.generate(saying("hello")) == "hello"; }));
}

TEST("a node of which a part died is left at once, and says so") {
  std::atomic<bool> said{false};
  node_options options;
  options.runtime = small_runtime();
  options.report = [&](const std::string& line) {
    if (line.find("died") != std::string::npos)
      said = true;
  };
  std::atomic<bool> closed{false};
  options.closed = [&] { closed = true; };
  const rails_node broken{config_of("heartbeat: 50ms"), options};
  llm_rails rails{config_of("local: false, heartbeat: 50ms, nodes: ['" + address_of(broken) + "']"),
                  small_runtime()};
  CHECK(in_time([&] { return has_nodes(rails, node_state::open, 1); }));
  stranger rogue{broken};
  const auto doors = rogue.join();
  REQUIRE(!doors.empty());
  caf::anon_send_exit(doors.front(), caf::exit_reason::kill);
  CHECK(in_time([&] { return said && closed && has_nodes(rails, node_state::open, 0); }));
}

TEST("a node whose TLS files cannot be used does not start") {
  scratch_folder folder;
  const auto nonsense = folder.file("nonsense", "nonsense");
  std::string problem;
  try {
    make_node(0,
              "tls: {certificate: '" + nonsense + "', key: '" + nonsense + "', ca_file: '" + nonsense + "'}");
  } catch (const config_error& refused) {
    problem = refused.what();
  }
  CHECK(problem.find("cluster.tls") != std::string::npos);
  CHECK(problem.find(nonsense) != std::string::npos);
}
