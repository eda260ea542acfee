// One connection to the mock upstream: reads requests and answers them in turn.
#pragma once

#include "apps/mock_llm/mock_llm_counters.hpp"
#include "apps/mock_llm/mock_llm_options.hpp"

#include <boost/asio.hpp>

namespace guardrails::mock_llm {

/// Serves the connection until one side ends it. `how` and `count` outlive it.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, const options& how, counters& count);

} // namespace guardrails::mock_llm
