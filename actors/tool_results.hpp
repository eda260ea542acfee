// What tools brought into a conversation, judged beside what the user said.
#pragma once

#include "checks/rail.hpp"

#include <guardrails/generation.hpp>

#include <vector>

namespace guardrails::actors {

/// Judges every message of role `tool` by itself, whatever `input_scope` says: the model reads them all. Adds
/// what is found, with the message's index, to the `verdict` on the user's text, which names the sentence
/// where both fail.
void judge_tool_results(const std::vector<chat_message>& messages, const checks::rail& judging,
                        checks::judgement& verdict, const checks::stop_function& stop);

} // namespace guardrails::actors
