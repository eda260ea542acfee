// Translates between judges' calls and HTTP.
#include "actors/judge_call.hpp"

#include "llm/retry.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace guardrails::actors {

namespace {

constexpr std::uint64_t longest_answer = 1u << 20;

struct reason {
  std::string_view kind;
  std::string_view message;
};

reason reason_for(net::transfer_result result) noexcept {
  switch (result) {
  case net::transfer_result::connect_failed:
    return {"judge_unreachable", "No connection to the judge could be made."};
  case net::transfer_result::timeout:
    return {"judge_timeout", "The judge did not answer in time."};
  case net::transfer_result::too_large:
    return {"judge_malformed", "The judge's answer is too long."};
  case net::transfer_result::tls_failed:
    return {"judge_unreachable", "No secure connection to the judge could be made."};
  case net::transfer_result::ok:
  case net::transfer_result::broken:
    break;
  case net::transfer_result::cancelled:
    return {"cancelled", "The question was cancelled."};
  }
  return {"judge_unreachable", "The connection to the judge broke."};
}

} // namespace

const judge_config& judge_for(const guardrails_config& config, judge_subject subject) noexcept {
  switch (subject) {
  case judge_subject::toxicity:
    return config.toxicity;
  case judge_subject::content_class:
    break;
  }
  return config.content_class;
}

net::http_request judge_request(const judge_config& config, judge_subject subject, std::uint64_t ticket,
                                std::span<const llm::judged_text> texts, std::chrono::milliseconds timeout) {
  auto encoded = llm::encode_judge(config, subject, texts);
  net::http_request request;
  request.ticket = ticket;
  request.url = std::move(encoded.url);
  request.headers = std::move(encoded.headers);
  request.body = std::move(encoded.body);
  request.timeout = timeout;
  request.connect_timeout = config.connect_timeout;
  request.max_response_bytes = longest_answer;
  request.proxy = config.proxy;
  request.ca_file = config.ca_file;
  return request;
}

std::variant<std::vector<judge_verdict>, judge_failure> judge_outcome(const judge_config& config,
                                                                      judge_subject subject,
                                                                      std::size_t texts,
                                                                      const net::http_response& response) {
  if (response.result != net::transfer_result::ok) {
    const auto why = reason_for(response.result);
    return judge_failure{std::string{why.kind}, std::string{why.message}};
  }
  return llm::decode_judge(config, subject, texts, response.status, response.body);
}

std::optional<std::chrono::milliseconds> wait_before_judge_retry(const judge_config& config,
                                                                 std::uint32_t attempts,
                                                                 const net::http_response& response,
                                                                 std::chrono::milliseconds remaining,
                                                                 double random) {
  llm::failed_attempt failure{attempts, 0, response.result == net::transfer_result::connect_failed,
                              response.retry_after};
  if (response.result == net::transfer_result::ok)
    failure.status = response.status;
  return llm::wait_before_retry(config.retries, failure, remaining, random);
}

} // namespace guardrails::actors
