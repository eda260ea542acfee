// How a generation's request is called at the model's side.
#define CAF_SUITE upstream_names
#include "tests/caf_test.hpp"

#include "tests/mock_llm_process.hpp"

#include <guardrails/guardrails.hpp>

namespace {

using namespace guardrails;

const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string last_of(const test::mock_llm_process& mock) {
  return test::ask_loopback(mock.port(), "GET /stats/names");
}

} // namespace

TEST("the model is told the request's name and its trace") {
  test::mock_llm_process mock;
  llm_rails rails{rails_config::from_content("llm: {engine: openai_compatible, base_url: '" +
                                             mock.base_url() + "', model: m}")};
  generation_request request{{{"user", "hello"}}, "mine-1", {}};
  request.traceparent = trace;
  CHECK(!rails.generate(request).blocked);
  CHECK_EQ(last_of(mock), R"({"x-request-id":"mine-1","traceparent":")" + trace + "\"}");
  request.request_id = "two\r\nX-Evil: lines";
  request.traceparent = "00-no-trace";
  CHECK(!rails.generate_stream(request).result().blocked);
  CHECK_EQ(last_of(mock), R"({"x-request-id":"","traceparent":""})");
}
