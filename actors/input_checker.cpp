// Input checker: judges the user's text and masks it; blocked requests end here.
#include "actors/input_checker.hpp"

#include "actors/request_validation.hpp"
#include "actors/stage_edge.hpp"

#include <utility>

namespace guardrails::actors {

namespace {

/// A user message and where it stands in the judged text.
struct judged_part {
  std::size_t message = 0;
  std::uint64_t offset = 0;
};

std::vector<judged_part> find_judged(const std::vector<chat_message>& messages, input_scope scope) {
  std::vector<judged_part> parts;
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].role != "user")
      continue;
    if (scope == input_scope::last_user) {
      parts.assign(1, {i, 0});
      continue;
    }
    parts.push_back({i, offset});
    offset += messages[i].content.size() + 1; // the newline that joins them
  }
  return parts;
}

std::string join(const std::vector<chat_message>& messages, const std::vector<judged_part>& parts) {
  std::string text;
  for (const auto& part : parts) {
    if (part.offset != 0)
      text += '\n';
    text += messages[part.message].content;
  }
  return text;
}

bool has_replacement(const check_report& report) {
  for (const auto& found : report.findings)
    if (found.replacement)
      return true;
  return false;
}

conversation mask(const conversation& original, const std::vector<judged_part>& parts,
                  const check_report& report) {
  if (!has_replacement(report))
    return original;
  auto messages = original.get();
  for (const auto& part : parts) {
    auto& content = messages[part.message].content;
    content = checks::apply_replacements(content, part.offset, report.findings);
  }
  return conversation{std::move(messages)};
}

/// Judges `request` into `account`; the messages to send, or nothing when the generation ends here.
std::optional<conversation> judge_request(const admitted_request& request, generation& account) {
  const auto& policy = *request.policy;
  const auto& messages = request.messages.get();
  if (auto problem = find_problem(messages)) {
    block(account, policy, block_reason::check_error, std::move(problem));
    return std::nullopt;
  }
  const auto parts = find_judged(messages, policy.config.guardrails.input_scope);
  if (parts.empty()) {
    block(account, policy, block_reason::no_user_input);
    return std::nullopt;
  }
  account.user_input = join(messages, parts);
  auto to_send = request.messages;
  if (policy.input) {
    auto verdict = policy.input->judge(account.user_input, &steady_nanoseconds);
    account.input_check = std::move(verdict.report);
    if (!account.input_check->passed) {
      account.blocked = true;
      account.block_reason = verdict.check_error ? block_reason::check_error : block_reason::input;
      account.final_response = account.input_check->message;
      return std::nullopt;
    }
    to_send = mask(request.messages, parts, *account.input_check);
  }
  if (!policy.config.llm) {
    account.final_response = policy.sentence("no_llm");
    return std::nullopt;
  }
  return to_send;
}

} // namespace

input_checker::input_checker(handle::pointer self, std::shared_ptr<roll_call> house, llm_client_actor next)
  : presence_{std::move(house)}
  , self_{self}
  , next_{std::move(next)} {}

input_checker::handle::behavior_type input_checker::make_behavior() {
  return {
    [this](admitted_request& request) { return judge(request); },
  };
}

caf::result<answer> input_checker::judge(admitted_request& request) {
  generation account;
  if (request.life.over())
    return ended_early(request.policy, std::move(account));
  const auto begin = steady_nanoseconds();
  std::optional<conversation> to_send;
  const bool judged =
    at_the_edge(account, request.policy, [&] { to_send = judge_request(request, account); });
  account.timings.input_checks = microseconds_since(begin);
  if (!judged || !to_send)
    return answer{request.ticket, std::move(account)};
  return mail(self_, prompt{request.ticket, std::move(request.policy), std::move(*to_send),
                            std::move(request.life), std::move(account)})
    .delegate(next_);
}

} // namespace guardrails::actors
