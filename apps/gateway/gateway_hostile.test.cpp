// Clients that want to harm: floods, drips, bodies in crumbs, noise. What fits into one write stands in
// gateway_protection.test.cpp.
#define CAF_SUITE gateway_hostile
#include "tests/caf_test.hpp"

#include "tests/gateway_process.hpp"
#include "tests/process_figures.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::test;
using namespace std::chrono_literals;
namespace json = boost::json;

const std::string chunked =
  "POST /v1/guardrails/check HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string in_chunks(const std::string& body, std::size_t size) {
  std::string out;
  for (std::string_view left{body}; !left.empty(); left.remove_prefix(std::min(size, left.size()))) {
    const auto piece = left.substr(0, size);
    out.push_back(static_cast<char>('0' + piece.size()));
    out.append("\r\n").append(piece).append("\r\n");
  }
  return out;
}

std::string numbered(int i) {
  return std::string{"n"}.append(std::to_string(i));
}

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += text;
  return out;
}

/// After it the server lives, and holds nothing of it.
class unharmed {
public:
  explicit unharmed(gateway_process& gate)
    : gate_{gate} {
    gate_.alive();
    before_ = descriptors_of(gate_.process().id());
  }

  bool holds() {
    return comes_true([&] { return gate_.alive() && descriptors_of(gate_.process().id()) <= before_; });
  }

private:
  gateway_process& gate_;
  std::int64_t before_ = 0;
};

} // namespace

TEST("five hundred requests in one write are answered in order") {
  gateway_process gate;
  unharmed check{gate};
  {
    client one{gate.port()};
    std::string flood;
    for (int i = 0; i < 500; ++i)
      flood += get_request("/healthz", "x-request-id: " + numbered(i) + "\r\n");
    CHECK(one.write(flood));
    int in_order = 0;
    for (int i = 0; i < 500; ++i) {
      const auto got = one.read();
      in_order += got.status == 200 && got.header("x-request-id") == numbered(i) ? 1 : 0;
    }
    CHECK_EQ(in_order, 500);
    // And who does not wait for the answers.
    client rude{gate.port()};
    CHECK(rude.write(flood));
  }
  CHECK(check.holds());
}

TEST("drips do not prolong the time that a request may take") {
  gateway_process gate{{"--header-timeout", "400ms", "--body-timeout", "400ms"}};
  unharmed check{gate};
  {
    client header{gate.port()};
    header.write("GET /healthz HTTP/1.1\r\nHost: h\r\nx: ");
    client body{gate.port()};
    body.write("POST /chat HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
    client chunks{gate.port()};
    chunks.write(chunked);
    client extension{gate.port()};
    extension.write(chunked + "1;x=");
    for (int i = 0; i < 50; ++i) {
      for (auto* one : {&header, &body, &extension})
        one->write("a");
      chunks.write("1\r\na\r\n");
      std::this_thread::sleep_for(10ms);
    }
    for (auto* one : {&header, &body, &chunks, &extension}) {
      const auto got = one->read();
      CHECK_EQ(got.status, 408);
      CHECK(one->ended());
    }
  }
  CHECK(check.holds());
}

TEST("requests in crumbs are requests all the same") {
  gateway_process gate;
  unharmed check{gate};
  {
    client one{gate.port()};
    const auto request = post_request("/v1/guardrails/check", R"({"text":"Hello"})");
    for (const char c : request)
      one.write({&c, 1});
    const auto first = one.read();
    CHECK_EQ(first.status, 200);
    const auto body = R"({"text":")" + std::string(100'000, 'a') + "\"}";
    CHECK(one.write(chunked + in_chunks(body, 1) + "0\r\n\r\n"));
    const auto second = one.read();
    CHECK_EQ(second.status, 200);
    CHECK(one.write(chunked + in_chunks(R"({"text":"Hello"})", 9) + "0\r\nx-trailer: a\r\n\r\n"));
    const auto third = one.read();
    CHECK_EQ(third.status, 200);
  }
  CHECK(check.holds());
}

TEST("what would fill memory is refused") {
  gateway_process gate;
  unharmed check{gate};
  const auto start = memory_of(gate.process().id(), "VmHWM");
  const auto big = std::string(1 << 20, 'a');
  const std::vector<std::pair<std::string, int>> floods{
    {chunked + in_chunks(R"({"text":"Hello"})", 9) + "0\r\n" + repeated("x: y\r\n", 100'000) + "\r\n", 431},
    {chunked + in_chunks(R"({"text":"Hello"})", 9) + "0\r\nx: " + big + "\r\n\r\n", 431},
    {chunked + "1;x=" + big + "\r\na\r\n0\r\n\r\n", 431},
    {chunked + std::string(1 << 20, '0') + "1\r\na\r\n0\r\n\r\n", 431},
    {"GET /" + big, 431},
    {big, 431},
    {"GET /healthz HTTP/1.1\r\n" + repeated("x: y\r\n", 100'000) + "\r\n", 431},
    {post_request("/v1/guardrails/check", std::string(100'000, '[')), 400},
    {post_request("/v1/guardrails/check", repeated(R"({"a":)", 100'000)), 400},
    {post_request("/v1/guardrails/check", R"({"text":")" + std::string(5 << 20, 'a') + "\"}"), 413},
    {chunked + repeated("9\r\naaaaaaaaa\r\n", 600'000), 413},
  };
  for (std::size_t i = 0; i < floods.size(); ++i) {
    client one{gate.port()};
    one.write(floods[i].first);
    const auto got = one.read();
    if (got.status != floods[i].second)
      CAF_ERROR("flood " << i << ": " << got.status << " instead of " << floods[i].second);
  }
  CHECK(check.holds());
  CHECK(memory_of(gate.process().id(), "VmHWM") - start < 64 << 20);
}

TEST("noise harms nobody") {
  gateway_process gate;
  unharmed check{gate};
  std::mt19937 dice{7};
  const std::string start = "POST /v1/guardrails/check HTTP/1.1\r\nHost: h\r\nContent-Length: 16\r\n\r\n";
  for (int i = 0; i < 300; ++i) {
    auto noise = i % 3 == 0 ? std::string{} : start + R"({"text":"Hello"})";
    if (i % 3 == 0)
      for (auto left = dice() % 2000; left > 0; --left)
        noise += static_cast<char>(dice());
    else
      for (auto left = dice() % 8 + 1; left > 0; --left)
        noise[dice() % noise.size()] = static_cast<char>(dice());
    client one{gate.port()};
    one.write(noise);
    one.end_writing();
    const auto got = one.read();
    if (got.status >= 500 && got.status != 501 && got.status != 505)
      CAF_ERROR("noise " << i << ": " << got.status);
  }
  CHECK(check.holds());
}
