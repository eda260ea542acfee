// One question, one answer, each bounded in time.
#include "actors/node_inquiry.hpp"

#include "actors/handshake.hpp"
#include "actors/owned_system.hpp"
#include "actors/scout.hpp"

#include <guardrails/caf_network.hpp>

#include <future>

namespace guardrails::actors {

namespace {

constexpr std::chrono::seconds longest_step{3};

std::string try_port(const config::node_address& where) {
  const auto result = std::make_shared<std::promise<std::string>>();
  auto tried = result->get_future();
  scout pathfinder;
  pathfinder.try_port(where, [result](std::string problem) { result->set_value(std::move(problem)); });
  return tried.wait_for(longest_step) == std::future_status::ready ? tried.get() : "no answer";
}

} // namespace

node_inquiry::node_inquiry(const cluster_config& config)
  : token_{config.token_file.empty() ? std::string{} : read_token(config.token_file)}
  , system_{start_system({1, 1, scheduler_policy::sharing}, &config)} {}

node_inquiry::~node_inquiry() = default;

node_account node_inquiry::ask(const config::node_address& where) {
  node_account result;
  result.problem = try_port(where);
  if (!result.problem.empty())
    return result;
  caf::scoped_actor self{system_->get()};
  std::string problem;
  const auto node = connect<node_actor>(self, where.host, where.port, longest_step, problem);
  if (!node) {
    result.problem = "no node whose CAF, certificate and token fit ours answers there: " + problem;
    return result;
  }
  const auto begin = std::chrono::steady_clock::now();
  mail(&*self, node_question{token_})
    .request(node, caf::timespan{longest_step})
    .receive(
      [&](node_report& said) {
        result.problem = said.refusal.kind.empty() ? std::string{} : said.refusal.message;
        result.report = std::move(said);
      },
      [&](const caf::error&) { result.problem = "the node does not answer"; });
  result.took =
    std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  return result;
}

} // namespace guardrails::actors
