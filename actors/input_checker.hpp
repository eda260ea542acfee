// Input checker: judges the user's text and masks it; blocked requests end here.
#pragma once

#include "actors/policy.hpp"
#include "actors/presence.hpp"

namespace guardrails::actors {

class input_checker {
public:
  using handle = input_checker_actor;
  static constexpr const char* name = "guardrails.input-checker";

  input_checker(handle::pointer self, std::shared_ptr<roll_call> house, llm_client_actor next);

  handle::behavior_type make_behavior();

private:
  caf::result<answer> judge(admitted_request& request);

  presence presence_;
  handle::pointer self_;
  llm_client_actor next_;
};

} // namespace guardrails::actors
