// Messages of the binary event stream: the published ones, our own, cut everywhere and broken everywhere.
#define CAF_SUITE aws_event_stream
#include "llm/aws_event_stream.hpp"

#include "tests/caf_test.hpp"

#include <string>
#include <vector>

using namespace guardrails::llm;

namespace {

struct reading {
  std::vector<std::string> names;
  std::vector<std::string> payloads;
  frame_result result = frame_result::well;
};

reading read(std::string_view bytes, std::size_t piece = 1u << 30) {
  aws_event_stream stream;
  reading got;
  for (std::size_t at = 0; at < bytes.size() && got.result == frame_result::well; at += piece)
    got.result = stream.feed(bytes.substr(at, piece), [&](const aws_event& event) {
      got.names.push_back((event.thrown ? "!" : "") + event.name);
      got.payloads.emplace_back(event.payload);
    });
  return got;
}

std::string bytes_of(std::initializer_list<int> numbers) {
  std::string bytes;
  for (const auto number : numbers)
    bytes += static_cast<char>(number);
  return bytes;
}

} // namespace

TEST("the published messages are read") {
  const auto empty = bytes_of({0, 0, 0, 16, 0, 0, 0, 0, 5, 194, 72, 235, 125, 152, 200, 255});
  const auto bare = bytes_of({0,   0,   0,  29, 0,  0,  0,  0,   253, 82,  140, 90,  123, 39, 102,
                              111, 111, 39, 58, 39, 98, 97, 114, 39,  125, 195, 101, 57,  54});
  const auto typed = bytes_of({0,   0,   0,   61,  0,   0,   0,   32,  7,   253, 131, 150, 12,  99,  111, 110,
                               116, 101, 110, 116, 45,  116, 121, 112, 101, 7,   0,   16,  97,  112, 112, 108,
                               105, 99,  97,  116, 105, 111, 110, 47,  106, 115, 111, 110, 123, 39,  102, 111,
                               111, 39,  58,  39,  98,  97,  114, 39,  125, 141, 156, 8,   177});
  const auto number = bytes_of({0,   0,   0,   45, 0,   0,   0,   16,  65,  196, 36,  184, 10,  101, 118,
                                101, 110, 116, 45, 116, 121, 112, 101, 4,   0,   0,   160, 12,  123, 39,
                                102, 111, 111, 39, 58,  39,  98,  97,  114, 39,  125, 54,  244, 128, 160});
  const auto got = read(empty + bare + typed + number);
  CHECK(got.result == frame_result::well);
  const std::vector<std::string> payloads{"", "{'foo':'bar'}", "{'foo':'bar'}", "{'foo':'bar'}"};
  CHECK(got.payloads == payloads);
}

TEST("what is written is read, wherever it is cut") {
  const auto bytes = encode_aws_event("contentBlockDelta", R"({"a":1})") +
                     encode_aws_event("metadata", "{}") +
                     encode_aws_event("throttlingException", R"({"message":"slow"})", true);
  for (std::size_t piece = 1; piece < 70; ++piece) {
    const auto got = read(bytes, piece);
    const std::vector<std::string> names{"contentBlockDelta", "metadata", "!throttlingException"};
    CHECK(got.result == frame_result::well && got.names == names);
    CHECK_EQ(got.payloads.at(2), R"({"message":"slow"})");
  }
}

TEST("a bit that is wrong anywhere is found") {
  const auto bytes = encode_aws_event("messageStop", R"({"stopReason":"end_turn"})");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto wrong = bytes;
    wrong[at] = static_cast<char>(wrong[at] ^ 4);
    const auto got = read(wrong + bytes);
    CHECK(got.result != frame_result::well);
    CHECK(got.names.empty());
  }
}

TEST("a message has bounds") {
  const auto got = read(encode_aws_event("x", std::string(aws_event_stream::longest_message, ' ')));
  CHECK(got.result == frame_result::too_long);
  CHECK(read(bytes_of({0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0})).result == frame_result::broken);
}
