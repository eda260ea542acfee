// Who may join a node: pure, so that every refusal is a sentence that can be tested.
#pragma once

#include <guardrails/actors.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace guardrails::actors {

/// What both sides of a join say about themselves.
struct node_identity {
  std::uint32_t protocol = 1; ///< of the messages between nodes
  std::string caf;            ///< caf_family()
  std::string schema;         ///< rails_config::schema()
  std::string token{};        ///< empty: none is asked for

  /// Of this program.
  static node_identity own(std::string token);
};

/// Why a node does not let a peer in; nothing: it does. The token is compared in constant time.
std::optional<generation_error> find_refusal(const node_join& asked, const node_identity& own);

/// The same for who only wants to know how the node is.
std::optional<generation_error> find_refusal(std::string_view token, const node_identity& own);

/// The token in a file: its first line, without spaces around it. Throws config_error.
std::string read_token(const std::string& file);

} // namespace guardrails::actors
