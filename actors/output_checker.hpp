// Output checker: judges what the model said and fills in the generation.
#pragma once

#include "actors/answer_stream.hpp"
#include "actors/judging_threads.hpp"
#include "actors/open_judgements.hpp"
#include "actors/policy.hpp"
#include "actors/presence.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

namespace guardrails::actors {

/// A draft under judgement; its account is the finished generation afterwards.
struct judged_draft {
  draft subject;
  bool broken_off = false;
  std::optional<checks::judgement> open{}; ///< remote judges are to be asked; the output_check is in here
  std::shared_ptr<answer_stream> stream{}; ///< that judges it; null: the rail does
};

class output_checker {
public:
  using handle = output_checker_actor;
  static constexpr const char* name = "guardrails.output-checker";

  output_checker(handle::pointer self, std::shared_ptr<roll_call> house,
                 std::shared_ptr<judging_threads> threads, judge_actor judge = {});

  handle::behavior_type make_behavior();

private:
  using promise = caf::typed_response_promise<answer>;

  caf::result<answer> judge(draft& d);
  void go_on(judged_draft& judged);
  void ask_judge(judged_draft& work, promise reply);
  void settle(const judge_answer& said);
  void complete(open_judgements<judged_draft>::entry waiting);
  void finish(judged_draft& work, promise reply);
  void finish_elsewhere(judged_draft work, promise reply);

  // -- answers in pieces
  void take(draft_piece& piece);
  void advance(std::uint64_t ticket, const std::shared_ptr<answer_stream>& stream);
  void look_elsewhere(std::uint64_t ticket, const std::shared_ptr<answer_stream>& stream);
  void go_on(const stream_looked& looked);
  void show(std::uint64_t ticket, answer_stream& stream);
  void grant(std::uint64_t ticket, answer_stream& stream);

  presence presence_;
  handle::pointer self_;
  std::shared_ptr<judging_threads> threads_;
  judge_actor judge_;
  open_judgements<judged_draft> open_;
  std::unordered_map<std::uint64_t, promise> elsewhere_; // long texts under judgement, by ticket
  std::unordered_map<std::uint64_t, std::shared_ptr<answer_stream>> streams_;
};

} // namespace guardrails::actors
