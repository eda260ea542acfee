// The house: spawns a runtime's actors and ends them again.
#include "actors/system.hpp"

#include "actors/config_store.hpp"
#include "actors/front.hpp"
#include "actors/input_checker.hpp"
#include "actors/judge.hpp"
#include "actors/llm_client.hpp"
#include "actors/output_checker.hpp"
#include "actors/policy_fetcher.hpp"
#include "actors/run_accounts.hpp"

#include <chrono>
#include <utility>

namespace guardrails {

void announce_types() {
  announce<caf::id_block::guardrails>();
}

void enlist_types(caf::actor_system_config& config) {
  enlist<caf::id_block::guardrails>(config);
}

namespace actors {

namespace {

constexpr std::chrono::seconds longest_shutdown{5};

} // namespace

chain build_chain(lane_actor::pointer host, const commons& shared) {
  chain stages;
  stages.judge = spawn<judge>(*host, shared.present, shared.transports);
  stages.output = spawn<output_checker>(*host, shared.present, shared.judging, stages.judge);
  stages.llm = spawn<llm_client>(*host, shared.present, shared.transports, stages.output);
  stages.input = spawn<input_checker>(*host, shared.present, shared.judging, stages.llm, stages.judge);
  return stages;
}

house::house(caf::actor_system& system, policy_ref policy, std::size_t lanes, chain_recipe recipe,
             std::size_t fronts)
  : shared_{std::make_shared<roll_call>(), std::make_shared<transport_pool>(),
            std::make_shared<judging_threads>()}
  , gate_{std::make_shared<admission>(lanes, std::move(policy))} {
  const lane_builder build_lane = [&system, shared = shared_, recipe = std::move(recipe)](
                                    front_actor front, std::uint64_t index, std::uint64_t first_epoch) {
    auto build = [shared, recipe](lane_actor::pointer host) { return recipe(host, shared); };
    return spawn<lane>(system, shared.present, std::move(front), index, first_epoch, std::move(build));
  };
  fetcher_ = spawn<policy_fetcher>(system, shared_.present, shared_.judging);
  const auto accounts = spawn<run_accounts>(system, shared_.present); // lives as long as a front holds it
  const front_commons for_fronts{shared_.judging, accounts, guests_, fetcher_};
  for (std::size_t i = 0; i < fronts; ++i) {
    const auto share = lanes / fronts + (i < lanes % fronts ? 1 : 0);
    fronts_.push_back(spawn<actors::front>(system, shared_.present, gate_, share, build_lane, for_fronts));
  }
  store_ = spawn<config_store>(system, shared_.present, gate_, fronts_);
}

house::~house() {
  post_exit(store_, caf::exit_reason::user_shutdown);
  post_exit(fetcher_, caf::exit_reason::user_shutdown);
  for (const auto& front : fronts_)
    post_exit(front, caf::exit_reason::user_shutdown);
  shared_.present->wait_until_empty(longest_shutdown);
  shared_.judging->stop();
}

} // namespace actors
} // namespace guardrails
