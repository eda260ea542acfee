// node_status: what a runtime knows of one of its nodes.
#pragma once

#include <guardrails/enum_names.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace guardrails {

enum class node_state : std::uint8_t {
  connecting, ///< not reached yet
  open,       ///< takes requests
  draining,   ///< ends what it has and takes no more
  lost,       ///< was reached, and is silent or gone
  refused,    ///< does not let us in
};
BOOST_DESCRIBE_ENUM(node_state, connecting, open, draining, lost, refused)

struct node_status {
  std::string address;
  node_state state = node_state::connecting;
  std::string version; ///< of its program; empty: not known yet
  std::uint64_t lanes = 0;
  std::uint64_t in_flight = 0;    ///< ours, there
  std::uint64_t latency_us = 0;   ///< of recent generations, on average; 0: none yet
  std::uint64_t sent = 0;         ///< requests since the start
  std::uint64_t answered = 0;     ///< of them
  std::uint64_t redispatched = 0; ///< of them, to another place
  std::uint64_t failed = 0;       ///< of them, because the node was lost
  std::uint64_t times_lost = 0;
  std::string problem; ///< why it is not open; empty: it is
};
BOOST_DESCRIBE_STRUCT(node_status, (),
                      (address, state, version, lanes, in_flight, latency_us, sent, answered, redispatched,
                       failed, times_lost, problem))

} // namespace guardrails
