// Maps the ends of generations to statuses and error objects.
#include "apps/gateway/api_error.hpp"

#include <guardrails/utf8.hpp>

#include <boost/json.hpp>

#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(json::string(text));
}

api_error with(unsigned status, std::string type, std::string code, const generation& result,
               std::uint32_t retry_after = 0) {
  return {status, std::move(type), result.final_response, {}, std::move(code), retry_after};
}

/// What the house names in front of its sentence: an option, or a message.
std::string param_of(std::string_view message) {
  constexpr std::string_view options = "options.";
  if (!message.starts_with(options))
    return "messages";
  message.remove_prefix(options.size());
  return std::string{message.substr(0, message.find(':'))};
}

} // namespace

std::string body_of(const api_error& problem) {
  const json::object error{{"message", well_formed(problem.message)},
                           {"type", problem.type},
                           {"param", text_or_null(problem.param)},
                           {"code", text_or_null(problem.code)}};
  return json::serialize(json::object{{"error", error}});
}

api_error bad_request(std::string message, std::string param, std::string code) {
  return {400, "invalid_request_error", std::move(message), std::move(param), std::move(code)};
}

api_error overloaded(std::string message) {
  return {503, "server_error", std::move(message), {}, "overloaded", 1};
}

std::optional<api_error> failure_of(const generation& result) {
  if (!result.blocked || !result.block_reason)
    return std::nullopt;
  switch (*result.block_reason) {
  case block_reason::input:
  case block_reason::output:
  case block_reason::token_budget_input:
  case block_reason::token_budget_output:
    return std::nullopt;
  case block_reason::check_error:
    // The house says so, too, of what is no conversation: a mistake of the client's.
    if (result.error && result.error->kind == "invalid_request")
      return bad_request(result.error->message, param_of(result.error->message), "invalid_request");
    return std::nullopt;
  case block_reason::no_user_input:
    return bad_request(result.final_response, "messages", "no_user_input");
  case block_reason::rate_limited:
    return with(429, "rate_limit_error", "rate_limited", result, 1);
  case block_reason::overloaded:
    return with(503, "server_error", "overloaded", result, 1);
  case block_reason::timeout:
    return with(504, "server_error", "timeout", result);
  case block_reason::llm_error:
    return with(502, "server_error", "llm_error", result);
  case block_reason::cancelled:
    return with(503, "server_error", "cancelled", result, 1);
  }
  return with(500, "server_error", "internal_error", result);
}

api_error blocked_error(const generation& result) {
  const auto reason = result.block_reason ? to_string(*result.block_reason) : std::string{};
  const bool budget = result.block_reason == block_reason::token_budget_input ||
                      result.block_reason == block_reason::token_budget_output;
  auto problem = bad_request(result.final_response, "messages", budget ? reason : "content_filter");
  problem.type = budget ? "invalid_request_error" : "content_filter";
  return problem;
}

} // namespace guardrails::gateway
