// Policy fetcher: one errand for each version, however many requests wait for it.
#include "actors/policy_fetcher.hpp"

#include "actors/from_here.hpp"
#include "actors/policy.hpp"

#include <guardrails/rails_config.hpp>

#include <algorithm>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::chrono::seconds ask_again_after{1};
constexpr std::chrono::seconds fail_for{2};
constexpr std::chrono::seconds longest_errand{10};
constexpr std::size_t most_errands = 64; // and failures

// What every node expands on its own may make the version another one there.
bool is_what_was_asked_for(const rails_config& config, const policy_text& text) {
  return config.version() == text.version || text.yaml.find("${") != std::string::npos;
}

policy_fetched read_policy(const policy_text& text) noexcept {
  policy_fetched result{text.version, {}, {}};
  try {
    const auto config = rails_config::from_content(text.yaml);
    if (is_what_was_asked_for(config, text))
      result.policy = compile(config);
    else
      result.problem = "the text is not the configuration that was asked for";
  } catch (const std::exception& problem) {
    result.problem = std::string{"the node cannot use the configuration: "} + problem.what();
  }
  return result;
}

} // namespace

policy_fetcher::policy_fetcher(handle::pointer self, std::shared_ptr<roll_call> house,
                               std::shared_ptr<judging_threads> threads)
  : presence_{std::move(house)}
  , self_{self}
  , threads_{std::move(threads)} {}

policy_fetcher::handle::behavior_type policy_fetcher::make_behavior() {
  drop_unexpected(self_);
  watcher_.emplace(self_, [this](const caf::actor_addr& gone) { lose_holder(gone); });
  return {
    from_here(self_, [this](const policy_wanted& wanted) { find(wanted); }),
    [this](policy_text& text) { compile_text(text); },
    from_here(self_, [this](const policy_fetched& fetched) { hand_out(fetched); }),
  };
}

void policy_fetcher::find(const policy_wanted& wanted) {
  const auto asker = caf::actor_cast<front_actor>(self_->current_sender());
  const auto now = clock::now();
  end_late_errands(now);
  if (auto policy = shelf_.find(wanted.version)) {
    mail(self_, policy_fetched{wanted.version, std::move(policy), {}}).send(asker);
    return;
  }
  std::erase_if(failures_, [&](const auto& entry) { return entry.second.until <= now; });
  if (const auto failed = failures_.find(wanted.version); failed != failures_.end()) {
    mail(self_, policy_fetched{wanted.version, {}, failed->second.problem}).send(asker);
    return;
  }
  if (!errands_.contains(wanted.version) && errands_.size() + failures_.size() >= most_errands) {
    mail(self_, policy_fetched{wanted.version, {}, "too many configurations are being fetched"}).send(asker);
    return;
  }
  auto& open = errands_.try_emplace(wanted.version, errand{{}, now, {}, {}, false}).first->second;
  if (std::ranges::find(open.waiting, asker) == open.waiting.end())
    open.waiting.push_back(asker);
  if (open.compiling || now - open.asked < ask_again_after)
    return;
  open.asked = now;
  const auto holder = caf::actor_cast<front_actor>(wanted.holder);
  open.holder = holder.address();
  if (watched_.insert(open.holder).second)
    watcher_->add(holder);
  mail(self_, policy_text_query{wanted.version}).send(holder);
}

/// The requests of whoever died end by themselves; those of others wait for somebody else's answer no longer.
void policy_fetcher::lose_holder(const caf::actor_addr& gone) {
  watched_.erase(gone);
  end_errands([&](const errand& open) { return open.holder == gone; });
}

void policy_fetcher::end_late_errands(clock::time_point now) {
  end_errands([&](const errand& open) { return now - open.since >= longest_errand; });
}

template <class Condition>
void policy_fetcher::end_errands(Condition ends) {
  const policy_fetched nothing{{}, {}, "the gateway that has the configuration does not answer"};
  for (auto it = errands_.begin(); it != errands_.end();) {
    if (it->second.compiling || !ends(it->second)) {
      ++it;
      continue;
    }
    auto told = nothing;
    told.version = it->first;
    for (const auto& front : it->second.waiting)
      mail(self_, told).send(front);
    it = errands_.erase(it);
  }
}

void policy_fetcher::compile_text(policy_text& text) {
  const auto it = errands_.find(text.version);
  if (it == errands_.end() || it->second.compiling ||
      it->second.holder != caf::actor_cast<caf::actor_addr>(self_->current_sender()))
    return;
  if (!text.problem.empty())
    return fail(text.version, std::move(text.problem));
  it->second.compiling = true;
  const auto bytes = text.yaml.size();
  const auto version = text.version;
  const auto compile = [text = std::move(text), me = caf::actor_cast<handle>(self_)](
                         const checks::stop_function&) { post(me, read_policy(text)); };
  if (!threads_->run({bytes, [] { return false; }, compile}))
    fail(version, "the node is too busy to compile the configuration");
}

void policy_fetcher::fail(const std::string& version, std::string problem) {
  hand_out({version, {}, std::move(problem)});
}

void policy_fetcher::hand_out(const policy_fetched& fetched) {
  if (fetched.policy)
    shelf_.put(fetched.version, fetched.policy);
  else
    failures_[fetched.version] = {fetched.problem, clock::now() + fail_for};
  const auto done = errands_.extract(fetched.version);
  if (done.empty())
    return;
  for (const auto& front : done.mapped().waiting)
    mail(self_, fetched).send(front);
}

} // namespace guardrails::actors
