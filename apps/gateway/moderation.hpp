// Reports in the shape of OpenAI's moderation.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// One text's result. OpenAI's categories are all there: `harassment` stands for toxicity, `illicit` for the
/// classes malicious and harmful, what we do not judge is false; beside them stand our own classes.
boost::json::object moderation_result(const check_report& report);

std::string moderation_body(std::string_view id, std::span<const check_report> reports);

} // namespace guardrails::gateway
