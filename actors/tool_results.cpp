// Judges what tools brought, message by message.
#include "actors/tool_results.hpp"

#include "actors/added_judgement.hpp"
#include "actors/policy.hpp"

namespace guardrails::actors {

void judge_tool_results(const std::vector<chat_message>& messages, const checks::rail& judging,
                        checks::judgement& verdict, const checks::stop_function& stop) {
  for (std::size_t i = 0; i < messages.size() && !verdict.broken_off; ++i)
    if (messages[i].role == "tool")
      add_judgement(verdict, judging.judge(messages[i].content, &steady_nanoseconds, stop), i);
}

} // namespace guardrails::actors
