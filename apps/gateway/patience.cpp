#include "apps/gateway/patience.hpp"

#include <utility>

namespace guardrails::gateway {

std::shared_ptr<patience> patience_of(client_presence& client, std::chrono::milliseconds limit) {
  auto result = std::make_shared<patience>(limit);
  client.on_leave = [result] { result->leave(); };
  return result;
}

std::function<bool()> end_of(std::shared_ptr<const patience> client) {
  return [client = std::move(client)] { return client->is_over(); };
}

api_error unjudged(const patience& client) {
  if (client.has_left())
    return {503, "server_error", "The client left.", {}, "cancelled", 1};
  if (client.is_over())
    return {504, "server_error", "The deadline passed.", {}, "timeout"};
  return overloaded("Too many texts wait to be judged.");
}

} // namespace guardrails::gateway
