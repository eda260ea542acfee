// The keys of `cluster`.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

namespace {

template <class T>
auto in_cluster(T cluster_config::*member) {
  return reached_by<T>([member](auto& config) { return &(config.cluster.*member); });
}

auto in_tls(std::string cluster_tls_config::*member) {
  return reached_by<std::string>([member](auto& config) { return &(config.cluster.tls.*member); });
}

} // namespace

void add_cluster_keys(std::vector<key>& keys) {
  using c = cluster_config;
  using t = cluster_tls_config;
  const auto add = [&](const char* name, auto field, limits allowed, std::string doc) {
    keys.push_back(
      value(std::string{"cluster."} + name, std::move(field), std::move(allowed), std::move(doc)));
  };
  keys.push_back(section("cluster", "Further nodes, as docs/cluster.md describes them."));
  auto nodes = texts(1000, &node_entry);
  add("nodes", in_cluster(&c::nodes), nodes,
      "Nodes that run generations, as HOST:PORT; a name that stands for many addresses gives many nodes.");
  add("local", in_cluster(&c::local), {}, "Whether generations run in this process too.");
  add("placement", in_cluster(&c::placement), {},
      "Whether a generation runs in one place, or its checks here and only its call of the model at a node.");
  auto tls = section("cluster.tls", "Mutual TLS between nodes; read once, at the start.");
  tls.made.present = [](const rails_config& config) { return !config.cluster.tls.certificate.empty(); };
  keys.push_back(std::move(tls));
  add("tls.certificate", in_tls(&t::certificate), optional_text(one_line),
      "A file with this node's certificate (PEM); without, connections between nodes are plain.");
  add("tls.key", in_tls(&t::key), optional_text(one_line), "A file with its private key (PEM).");
  add("tls.ca_file", in_tls(&t::ca_file), optional_text(one_line),
      "A file with the authority that signs the certificates of all nodes (PEM).");
  add("token_file", in_cluster(&c::token_file), optional_text(one_line),
      "A file with the token that whoever joins must know; read once, at the start.");
  add("repeat_started", in_cluster(&c::repeat_started), {},
      "Whether the model may be asked again when a node was lost after it was asked.");
  add("heartbeat", in_cluster(&c::heartbeat), between(20, 60'000),
      "How often a node is asked for a sign of life; silent for three of them, it is lost.");
  add("credit", in_cluster(&c::credit), between(1, 1'000'000), "Generations under way at one node, at most.");
  add("max_message_bytes", in_cluster(&c::max_message_bytes), between(1024, 1u << 30),
      "The longest request that is sent to a node, in bytes.");
}

} // namespace guardrails::config
