// Bounded admission: how many generations may be under way.
#include "actors/admission.hpp"

#include "actors/policy.hpp"

namespace guardrails::actors {

namespace {

std::size_t limit_of(const policy_ref& policy, std::size_t lanes) {
  const auto pool = policy->config.llm ? policy->config.llm->pool : pool_config{};
  return lanes * pool.max_in_flight;
}

} // namespace

admission::admission(std::size_t lanes, policy_ref policy)
  : lanes_{lanes}
  , limit_{limit_of(policy, lanes)}
  , policy_{std::move(policy)} {}

bool admission::enter() noexcept {
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) < limit_.load(std::memory_order_relaxed))
    return true;
  leave();
  return false;
}

policy_ref admission::policy() const {
  std::lock_guard guard{mutex_};
  return policy_;
}

void admission::set_policy(policy_ref policy) {
  limit_.store(limit_of(policy, lanes_), std::memory_order_relaxed);
  std::lock_guard guard{mutex_};
  policy_ = std::move(policy);
}

std::optional<admission_place> admission_place::take(std::shared_ptr<admission> from) {
  if (!from->enter())
    return std::nullopt;
  return admission_place{std::move(from)};
}

admission_place& admission_place::operator=(admission_place&& other) noexcept {
  if (this != &other) {
    give_back();
    from_ = std::move(other.from_);
  }
  return *this;
}

void admission_place::give_back() noexcept {
  if (from_)
    from_->leave();
  from_.reset();
}

generation unserved(generation_request request, const policy_ref& policy, block_reason reason,
                    generation_error problem) {
  generation account;
  account.messages = std::move(request.messages);
  account.request_id = std::move(request.request_id);
  account.config_version = policy.version();
  block(account, *policy, reason, std::move(problem));
  return account;
}

generation refused(generation_request request, const policy_ref& policy) {
  return unserved(std::move(request), policy, block_reason::overloaded,
                  {"overloaded", "too many generations are under way; retry after 1 s", 0});
}

} // namespace guardrails::actors
