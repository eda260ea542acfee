// Asks nodes how they are, from a program that is not one of their peers.
#pragma once

#include "config/node_address.hpp"

#include <guardrails/actors.hpp>
#include <guardrails/rails_config.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace guardrails::actors {

class owned_system;

/// What a node said, or why it said nothing.
struct node_account {
  node_report report;
  std::chrono::microseconds took{0}; ///< question and answer, once connected
  std::string problem;               ///< empty: none
};

class node_inquiry {
public:
  /// With the TLS and the token of `config`. Throws config_error.
  explicit node_inquiry(const cluster_config& config);
  ~node_inquiry();
  node_inquiry(const node_inquiry&) = delete;
  node_inquiry& operator=(const node_inquiry&) = delete;

  /// Waits, some seconds at most.
  node_account ask(const config::node_address& where);

private:
  std::string token_;
  std::unique_ptr<owned_system> system_;
};

} // namespace guardrails::actors
