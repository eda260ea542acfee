// Lane: one chain lives and dies as a whole; the front decides what becomes of the requests it held.
#include "actors/lane.hpp"

#include "actors/from_here.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::chrono::milliseconds longest_pause{1000};
constexpr std::chrono::seconds stable_after{10};

} // namespace

lane::lane(handle::pointer self, std::shared_ptr<roll_call> house, front_actor front, std::uint64_t index,
           std::uint64_t first_epoch, chain_builder build)
  : presence_{std::move(house)}
  , self_{self}
  , front_{std::move(front)}
  , index_{index}
  , epoch_{first_epoch - 1}
  , build_{std::move(build)} {}

lane::~lane() {
  end_chain();
}

lane::handle::behavior_type lane::make_behavior() {
  drop_unexpected(self_);
  watcher_.emplace(self_, [this](const caf::actor_addr& gone) { on_down(gone); });
  build();
  return {
    [this](const status_query&) -> caf::result<chain> { return stages_; },
    [this](const respawn_due&) { build(); },
  };
}

void lane::build() {
  stages_ = build_(self_);
  stages_.lane = index_;
  stages_.epoch = ++epoch_;
  whole_ = true;
  built_ = clock::now();
  watcher_->add(stages_.input);
  watcher_->add(stages_.llm);
  watcher_->add(stages_.output);
  if (stages_.judge)
    watcher_->add(stages_.judge);
  mail(self_, chain_opened{stages_}).send(front_);
}

void lane::on_down(const caf::actor_addr& gone) {
  const bool ours = gone == stages_.input.address() || gone == stages_.llm.address() ||
                    gone == stages_.output.address() || (stages_.judge && gone == stages_.judge.address());
  if (!whole_ || !ours)
    return; // a sibling of a chain that was ended already
  whole_ = false;
  mail(self_, chain_lost{index_, epoch_}).send(front_);
  end_chain();
  const auto wait = pause();
  if (wait.count() == 0)
    build();
  else
    mail(self_, respawn_due{}).delay(wait).send(self_);
}

void lane::end_chain() {
  if (stages_.input)
    post_exit(stages_.input, caf::exit_reason::user_shutdown);
  if (stages_.llm)
    post_exit(stages_.llm, caf::exit_reason::user_shutdown);
  if (stages_.output)
    post_exit(stages_.output, caf::exit_reason::user_shutdown);
  if (stages_.judge)
    post_exit(stages_.judge, caf::exit_reason::user_shutdown);
}

// A chain that dies again and again must not keep a core busy: none at first, then 10 ms, 20 ms … 1 s.
std::chrono::milliseconds lane::pause() {
  if (clock::now() - built_ > stable_after) {
    pause_ = std::chrono::milliseconds{0};
    return pause_;
  }
  const auto now = pause_;
  pause_ = std::clamp(pause_ * 2, std::chrono::milliseconds{10}, longest_pause);
  return now;
}

} // namespace guardrails::actors
