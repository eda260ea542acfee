// Output checker: judges what the model said and fills in the generation.
#pragma once

#include "actors/policy.hpp"
#include "actors/presence.hpp"

namespace guardrails::actors {

class output_checker {
public:
  using handle = output_checker_actor;
  static constexpr const char* name = "guardrails.output-checker";

  output_checker(handle::pointer self, std::shared_ptr<roll_call> house);

  handle::behavior_type make_behavior();

private:
  static answer judge(draft& d) noexcept;

  presence presence_;
};

} // namespace guardrails::actors
