// Which failures are tried again.
#define CAF_SUITE retry
#include "llm/retry.hpp"

#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::llm;
using namespace std::chrono_literals;

namespace {

bool again(const retry_config& config, std::uint32_t status) {
  return wait_before_retry(config, {1, status, false, -1ms}, 10s, 0.5).has_value();
}

} // namespace

TEST("an overloaded site is a service that is not available, by another number") {
  retry_config config;
  CHECK(again(config, 503) && again(config, 529));
  CHECK(!again(config, 520));
  config.retry_on = {500};
  CHECK(!again(config, 529));
  config.retry_on = {529};
  CHECK(again(config, 529) && !again(config, 503));
}
