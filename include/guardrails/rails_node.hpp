// rails_node: a runtime whose lanes run the generations of others.
#pragma once

#include <guardrails/options.hpp>
#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace guardrails {

struct node_options {
  std::string host = "127.0.0.1"; ///< a numeric address
  std::uint16_t port = 0;         ///< 0 lets the system choose
  runtime_options runtime;
  std::function<void(const std::string& line)> report; ///< gets a line for people on whoever comes and goes
  std::function<void()> closed{}; ///< called when a part of the node died, and it lets nobody in any more
};

/// Listens as soon as it is made. Who joins sends its own configurations; that of the node says who may join
/// (`cluster.tls`, `cluster.token_file`), and how much it takes (`llm.pool.max_in_flight` for each lane).
class rails_node {
public:
  /// Throws config_error, and std::runtime_error when it cannot listen.
  rails_node(const rails_config& config, const node_options& options);

  /// What is under way is lost, and goes elsewhere.
  ~rails_node();
  rails_node(const rails_node&) = delete;
  rails_node& operator=(const rails_node&) = delete;

  std::uint16_t port() const noexcept;

  /// Generations under way.
  std::size_t in_flight() const noexcept;

  /// Asks everybody to send no more.
  void drain();

private:
  struct runtime;
  std::unique_ptr<runtime> runtime_;
};

} // namespace guardrails
