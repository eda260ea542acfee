// Everything an embedding program usually needs; <guardrails/asio.hpp> and <guardrails/actors.hpp> are extra.
#pragma once

#include <guardrails/async.hpp>
#include <guardrails/errors.hpp>
#include <guardrails/generation.hpp>
#include <guardrails/guardrail_system.hpp>
#include <guardrails/llm_rails.hpp>
#include <guardrails/rails_config.hpp>
#include <guardrails/rails_node.hpp>
#include <guardrails/token_budget_enforcer.hpp>
