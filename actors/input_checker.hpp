// Input checker: judges the user's text and masks it; blocked requests end here.
#pragma once

#include "actors/judging_threads.hpp"
#include "actors/open_judgements.hpp"
#include "actors/policy.hpp"
#include "actors/presence.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

namespace guardrails::actors {

/// A request and what its judgement made of it. `to_send` is empty when the generation ends here.
struct judged_request {
  admitted_request request;
  generation account{};
  std::optional<conversation> to_send{};
  masked_values masked{}; ///< behind the placeholders of to_send
  bool broken_off = false;
  std::optional<checks::judgement> open{}; ///< remote judges are to be asked; the input_check is in here
};

class input_checker {
public:
  using handle = input_checker_actor;
  static constexpr const char* name = "guardrails.input-checker";

  input_checker(handle::pointer self, std::shared_ptr<roll_call> house,
                std::shared_ptr<judging_threads> threads, llm_client_actor next, judge_actor judge = {});

  handle::behavior_type make_behavior();

private:
  using promise = caf::typed_response_promise<answer>;

  caf::result<answer> judge(admitted_request& request);
  caf::result<answer> judge_elsewhere(admitted_request& request);
  void go_on(judged_request& judged);
  void ask_judge(judged_request& work, promise reply);
  void settle(const judge_answer& said);
  void complete(open_judgements<judged_request>::entry waiting);
  void finish(judged_request& work, promise reply);

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<judging_threads> threads_;
  llm_client_actor next_;
  judge_actor judge_;
  open_judgements<judged_request> open_;
  std::unordered_map<std::uint64_t, promise> elsewhere_; // long texts under judgement, by ticket
};

} // namespace guardrails::actors
