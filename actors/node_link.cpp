// Node link: one step at a time, each bounded in time.
#include "actors/node_link.hpp"

#include "actors/from_here.hpp"

#include <guardrails/caf_network.hpp>

#include <algorithm>
#include <utility>

namespace guardrails::actors {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_try{10'000};
constexpr milliseconds longest_connect{3000};
constexpr milliseconds longest_join{2000};
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{10'000};
constexpr std::chrono::seconds stable_after{10}; // what flaps waits longer and longer
constexpr std::chrono::seconds longest_retirement{60};
constexpr int most_unanswered = 3;

} // namespace

node_link::node_link(handle::pointer self, std::shared_ptr<roll_call> house, link_commons shared,
                     std::uint64_t number, config::node_address where)
  : presence_{std::move(house)}
  , self_{self}
  , shared_{std::move(shared)}
  , number_{number}
  , where_{std::move(where)}
  , random_{std::random_device{}()} {
  status_.address = where_.text();
}

node_link::~node_link() {
  close_fronts(true);
  shared_.board->remove(number_);
}

node_link::handle::behavior_type node_link::make_behavior() {
  ignore_stray_errors(self_);
  watcher_.emplace(self_, [this](const caf::actor_addr& gone) {
    if (gone != watched_)
      return;
    watched_ = caf::actor_addr{};
    if (node_ && stage_ != stage::waiting)
      lose("the connection ended");
  });
  drop_unexpected(self_);
  write_down(node_state::connecting, "not reached yet");
  begin();
  return {
    [this](const node_welcome& said) {
      if (is_from_node())
        enter(said);
    },
    [this](const node_beat& beat) {
      if (is_from_node())
        hear(beat);
    },
    from_here(self_,
              [this](const port_probed& probed) {
                if (probed.step != step_)
                  return;
                if (probed.problem.empty())
                  connect();
                else
                  back_off(status_.times_lost > 0 ? node_state::lost : node_state::connecting,
                           "cannot be reached: " + probed.problem);
              }),
    from_here(self_, [this](const link_due& due) { advance(due.step); }),
    from_here(self_, [this](const link_retired&) { retire(); }),
  };
}

// -- getting there

void node_link::begin() {
  stage_ = stage::trying;
  const auto step = ++step_;
  auto tell = [me = self_->address(), step](std::string problem) {
    if (const auto link = caf::actor_cast<handle>(me))
      post(link, port_probed{step, std::move(problem)});
  };
  next_step_in(longest_try);
  shared_.pathfinder->try_port(where_, std::move(tell));
}

void node_link::connect() {
  stage_ = stage::connecting;
  const auto step = ++step_;
  auto done = [this, step](node_actor node, const std::string& problem) {
    if (step != step_)
      return;
    if (node)
      join(std::move(node));
    else
      back_off(status_.times_lost > 0 ? node_state::lost : node_state::connecting,
               "no node whose CAF, certificate and token fit ours answers there: " + problem);
  };
  guardrails::connect<node_actor>(self_, shared_.network, where_.host, where_.port, longest_connect, done);
}

void node_link::join(node_actor node) {
  stage_ = stage::joining;
  node_ = std::move(node);
  if (watched_ != node_.address()) {
    watched_ = node_.address();
    watcher_->add(node_);
  }
  const auto& own = shared_.identity;
  mail(self_, node_join{++attempt_, own.protocol, own.caf, own.schema, own.token}).send(node_);
  ++step_;
  next_step_in(longest_join);
}

void node_link::enter(const node_welcome& said) {
  if (stage_ != stage::joining || said.attempt != attempt_)
    return;
  if (!said.refusal.kind.empty())
    return back_off(node_state::refused, said.refusal.kind + ": " + said.refusal.message);
  if (said.doors.empty())
    return back_off(node_state::refused, "the node has no doors");
  stage_ = stage::open;
  opened_ = clock::now();
  unanswered_ = -1; // no ping is out yet
  status_.version = said.version;
  status_.lanes = said.lanes;
  if (said.draining || retiring_) {
    write_down(node_state::draining, {});
  } else {
    write_down(node_state::open, {});
    open_fronts(said);
  }
  ++step_;
  next_step_in(shared_.heartbeat);
}

bool node_link::is_from_node() const {
  return node_ && node_ == caf::actor_cast<caf::actor_addr>(self_->current_sender());
}

// -- staying there

void node_link::hear(const node_beat& beat) {
  if (stage_ != stage::open)
    return;
  unanswered_ = -1;
  if (beat.draining && status_.state == node_state::open) {
    write_down(node_state::draining, {});
    close_fronts(false);
  }
}

void node_link::advance(std::uint64_t step) {
  if (step != step_)
    return;
  switch (stage_) {
  case stage::trying:
    return back_off(status_.times_lost > 0 ? node_state::lost : node_state::connecting,
                    "cannot be reached: it was not tried in time");
  case stage::connecting:
    return; // CAF ends it
  case stage::joining:
    return lose("the node does not answer");
  case stage::open:
    return ask_for_sign();
  case stage::waiting:
    return retiring_ ? self_->quit() : begin();
  }
}

// Where this process did not run itself for a while, what the node said meanwhile is still to be read: such a
// wait says nothing about the node.
void node_link::ask_for_sign() {
  const bool was_away = clock::now() - due_ > shared_.heartbeat;
  if (!was_away && ++unanswered_ == most_unanswered)
    return lose("the node is silent");
  gauge_->latency.forget_some();
  if (retiring_)
    return leave_when_done();
  mail(self_, node_ping{++pings_}).send(node_);
  next_step_in(shared_.heartbeat);
}

void node_link::lose(const std::string& why) {
  if (stage_ == stage::open)
    ++status_.times_lost;
  close_fronts(true);
  if (clock::now() - opened_ > stable_after)
    pause_ = milliseconds{0};
  back_off(node_state::lost, why);
}

/// Waits longer each time, and never as long as another link, until the node stayed for a while.
void node_link::back_off(node_state state, const std::string& why) {
  stage_ = stage::waiting;
  write_down(state, why);
  node_ = node_actor{};
  ++step_;
  if (retiring_)
    return self_->quit();
  pause_ = std::clamp(2 * pause_, first_pause, longest_pause);
  const auto jitter = std::uniform_int_distribution<milliseconds::rep>{0, pause_.count() / 2}(random_);
  next_step_in(pause_ - milliseconds{jitter});
}

// -- leaving

void node_link::retire() {
  retiring_ = true;
  retired_ = clock::now();
  if (stage_ != stage::open)
    return self_->quit();
  write_down(node_state::draining, {});
  close_fronts(false);
}

void node_link::leave_when_done() {
  if (gauge_->in_flight == 0 || clock::now() - retired_ > longest_retirement) {
    mail(self_, node_leave{}).send(node_);
    return self_->quit();
  }
  mail(self_, node_ping{++pings_}).send(node_);
  next_step_in(shared_.heartbeat);
}

// -- telling

void node_link::open_fronts(const node_welcome& said) {
  for (const auto& front : shared_.fronts)
    mail(self_, node_opened{number_, said.pass, said.doors, said.lanes,
                            std::min(shared_.credit, std::max<std::uint64_t>(said.credit, 1)), gauge_})
      .send(front);
}

// Posted, since the actor may have ended.
void node_link::close_fronts(bool lost) {
  for (const auto& front : shared_.fronts)
    post(front, node_closed{number_, lost});
}

void node_link::next_step_in(milliseconds wait) {
  due_ = clock::now() + wait;
  mail(self_, link_due{step_}).delay(wait).send(self_);
}

void node_link::write_down(node_state state, std::string problem) {
  status_.state = state;
  status_.problem = std::move(problem);
  shared_.board->put(number_, status_, gauge_);
}

} // namespace guardrails::actors
