// Only loading a configuration throws. Whatever happens to a generation is a value.
#include <guardrails/guardrails.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <cstdlib>
#include <iostream>

using namespace guardrails;

namespace {

void print(const char* what, const generation& result) {
  const auto reason =
    result.block_reason ? boost::describe::enum_to_string(*result.block_reason, "?") : "none";
  std::cout << what << ": " << reason << ": " << result.final_response;
  if (result.error)
    std::cout << " (" << result.error->kind << ')';
  std::cout << '\n';
}

} // namespace

int main() {
  // A mistake in the configuration is a config_error that names the place and the nearest known key.
  try {
    rails_config::from_content("llm: {engine: echo, timeuot: 5s}");
  } catch (const config_error& problem) {
    std::cout << "config_error: " << problem.key_path() << ": did you mean " << problem.suggestion() << "?\n";
  }

  // A request that a check stops.
  llm_rails rails{rails_config::from_content("llm: {engine: echo}")};
  print("blocked", rails.generate({{"user", "My SSN is 536-90-4399"}}, return_details));

  // Nobody to answer.
  print("no question", rails.generate({{"system", "Be brief."}}, return_details));

  // A model that cannot be reached. Port 9 of this machine refuses connections unless you say otherwise.
  const char* upstream = std::getenv("GUARDRAILS_UPSTREAM");
  const auto unreachable = rails_config_builder{}
                             .set("llm.engine", "openai_compatible")
                             .set("llm.base_url", upstream ? upstream : "http://127.0.0.1:9/v1")
                             .set("llm.model", "none")
                             .set("llm.retries.max", 0)
                             .build();
  print("upstream down", llm_rails{unreachable}.generate({{"user", "Hello"}}, return_details));

  // A model that takes longer than this one request has.
  llm_rails slow{rails_config::from_content("llm: {engine: echo, latency: 60s}")};
  generation_request request{{{"user", "Hello"}}, "my-request", std::chrono::milliseconds{50}};
  print("too slow", slow.generate(std::move(request)));

  // A request that its caller gives up.
  auto task = slow.generate_async({{"user", "Hello"}}, return_details);
  task.cancel();
  print("given up", task.get());
}
