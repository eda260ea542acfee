// Headers that name a request.
#define CAF_SUITE trace_headers
#include "tests/caf_test.hpp"

#include "llm/trace_headers.hpp"

namespace {

using guardrails::llm::append_trace_headers;
using headers = std::vector<std::string>;

const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

headers with(std::string_view request_id, std::string_view traceparent) {
  headers lines;
  append_trace_headers(lines, request_id, traceparent);
  return lines;
}

} // namespace

TEST("names become headers") {
  const auto lines = with("gen-1", good);
  CHECK(lines == headers({"x-request-id: gen-1", "traceparent: " + good}));
  CHECK(with({}, {}).empty());
}

TEST("what is not fit for a header is left out") {
  for (const auto& wrong : {std::string{"a\r\nX-Evil: 1"}, std::string{"a b"}, std::string{"\xC3\xA4"},
                            std::string(129, 'a'), std::string("a\0b", 3)})
    CHECK(with(wrong, {}).empty());
  for (const auto& wrong :
       {good + "-x", "01" + good.substr(2), good.substr(1), std::string(55, '0'),
        "00-" + std::string(32, '0') + good.substr(35), good.substr(0, 36) + std::string(16, '0') + "-01",
        good.substr(0, 54) + "\n", "00-4BF9" + good.substr(7)})
    CHECK(with({}, wrong).empty());
}
