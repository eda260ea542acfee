// Thousands of clients at a time, and clients that do not read: what they cost, and that others are answered.
#define CAF_SUITE gateway_crowd
#include "tests/caf_test.hpp"

#include "apps/descriptor_limit.hpp"
#include "tests/gateway_process.hpp"
#include "tests/process_figures.hpp"
#include "tests/sanitized.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::test;

using crowd = std::vector<std::unique_ptr<client>>;

constexpr int most_at_once = 100; // fewer than wait for an accept
constexpr std::int64_t kib = 1024;

/// Sanitizers slow it down, and keep what was freed.
constexpr int crowd_size = is_sanitized ? 1000 : 10'000;

crowd connect_to(const gateway_process& gate, int count) {
  crowd clients;
  for (int i = 0; i < count; ++i)
    clients.push_back(std::make_unique<client>(gate.port()));
  return clients;
}

/// Each of them connects, asks something small, and stays.
crowd gather(const gateway_process& gate, int count) {
  crowd all;
  while (static_cast<int>(all.size()) < count) {
    auto some = connect_to(gate, std::min(most_at_once, count - static_cast<int>(all.size())));
    for (auto& one : some)
      one->write(get_request("/healthz"));
    for (auto& one : some) {
      const auto got = one->read();
      if (got.status != 200)
        CAF_ERROR("client " << all.size() << ": " << got.status);
      all.push_back(std::move(one));
    }
  }
  return all;
}

std::string stream_request(const std::string& text) {
  return chat_request(text, {}, R"("stream":true,)");
}

int metric(const gateway_process& gate, const std::string& name) {
  const auto text = gate.ask(get_request("/metrics")).body;
  const auto at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stoi(text.substr(at + name.size() + 2));
}

/// But who asks.
bool nobody_is_connected(const gateway_process& gate) {
  return metric(gate, "guardrails_connections") == 1;
}

unsigned lane_count() {
  return 2 * std::max(std::thread::hardware_concurrency(), 1u);
}

/// Afterwards each lane has its thread, its descriptors and a connection to the model, and nobody is
/// connected.
void warm_up(gateway_process& gate) {
  auto clients = connect_to(gate, static_cast<int>(2 * lane_count()));
  for (auto& one : clients)
    one->write(chat_request("Hi"));
  for (auto& one : clients)
    one->read();
  clients.clear();
  comes_true([&] { return nobody_is_connected(gate); });
  gate.mock().reset_stats();
}

/// The mock repeats it word by word.
std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "word ";
  return text;
}

/// In words of four thousand letters, for each word is an event.
std::string long_answer(std::int64_t bytes) {
  std::string text;
  while (static_cast<std::int64_t>(text.size()) < bytes)
    text.append(4000, 'Z').append(" ");
  return text;
}

std::int64_t resident(gateway_process& gate) {
  return memory_of(gate.process().id(), "VmRSS");
}

} // namespace

TEST("ten thousand clients cost little; some stream, the next ones wait, and the others are answered") {
  constexpr std::size_t needed = crowd_size + 500;
  if (const auto allowed = apps::raise_descriptor_limit(); allowed < needed) {
    std::cout << "SKIPPED: needs " << needed << " file descriptors, the system allows " << allowed
              << ": raise the hard limit of `ulimit -n`\n";
    return;
  }
  const auto lanes = lane_count();
  const unsigned pool = std::max(200 / lanes, 1u);
  const int places = static_cast<int>(lanes * pool);
  gateway_process gate{{"--max-connections", std::to_string(crowd_size + 10), "--idle-timeout", "600s"},
                       {"--tokens-per-second", "5"},
                       "input_checks: false, output_checks: false",
                       pool};
  gather(gate, most_at_once);
  warm_up(gate);
  const auto memory = resident(gate);
  const auto descriptors = descriptors_of(gate.process().id());
  {
    auto all = gather(gate, crowd_size);
    CHECK_EQ(metric(gate, "guardrails_connections"), crowd_size + 1);
    const auto idle = (resident(gate) - memory) / crowd_size;

    // More than there are places for, since lanes have places of their own.
    const auto first = all.begin();
    const auto endless = first + places * 3 / 2;
    const auto rest = endless + places * 3 / 2;
    std::for_each(first, endless, [](auto& one) { one->write(stream_request(words(2000))); });
    CHECK(comes_true([&] { return gate.mock().stats().requests == places; }));
    std::for_each(endless, rest, [](auto& one) { one->write(stream_request(words(2))); });
    CHECK(comes_true([&] { return metric(gate, "guardrails_in_flight") == rest - first; }));
    const auto busy = (resident(gate) - memory) / crowd_size;
    std::cout << crowd_size << " connections: " << idle << " bytes each when idle, " << busy << " with "
              << (rest - first) << " requests under way\n";
    if (!is_sanitized) {
      CHECK(idle <= 64 * kib);
      CHECK(busy <= 64 * kib);
    }

    // Who asks now is answered, on connections new and old; what needs the model waits, and is not lost.
    CHECK(gate.alive());
    CHECK_EQ((*rest)->ask(post_request("/v1/guardrails/check", R"({"text":"Hello"})")).status, 200);
    CHECK_EQ(gate.mock().stats().requests, places);
    std::for_each(first, endless, [](auto& one) { one.reset(); });
    int whole = 0;
    std::for_each(endless, rest, [&](auto& one) {
      const auto got = one->read();
      whole += got.status == 200 && got.body.ends_with("data: [DONE]\n\n") ? 1 : 0;
    });
    CHECK_EQ(whole, rest - endless);
    CHECK_EQ(gate.mock().stats().peak_connections, places);
  }
  CHECK(comes_true([&] { return nobody_is_connected(gate); }));
  CHECK_EQ(metric(gate, "guardrails_in_flight"), 0);
  // Connections to the model stay for the next requests.
  CHECK(comes_true([&] { return descriptors_of(gate.process().id()) <= descriptors + places; }));
}

TEST("what a client does not read is not made either") {
  constexpr int readers = 4;
  constexpr std::int64_t answer_bytes = 12 << 20;
  const auto text = long_answer(answer_bytes);
  scratch_folder folder;
  gateway_process gate{{}, {"--script", folder.file("answers.txt", text)}, "output_checks: false"};
  CHECK(gate.alive());
  const auto before = memory_of(gate.process().id(), "VmHWM");
  auto clients = connect_to(gate, readers);
  for (auto& one : clients)
    one->write(stream_request("Hello"));
  for (auto& one : clients)
    CHECK(one->sees("ZZZZ"));
  CHECK(comes_true([&] {
    const auto now = resident(gate);
    for (int i = 0; i < 50; ++i)
      gate.alive();
    return resident(gate) - now < 64 * kib;
  }));
  const auto growth = memory_of(gate.process().id(), "VmHWM") - before;
  for (auto& one : clients) {
    const auto got = one->read();
    CHECK_EQ(std::ranges::count(got.body, 'Z'), std::ranges::count(text, 'Z'));
    CHECK(got.body.ends_with("data: [DONE]\n\n"));
  }
  std::cout << readers << " answers of " << (answer_bytes >> 20)
            << " MiB, unread for a while: " << growth / kib << " KiB\n";
  if (!is_sanitized)
    CHECK(growth < readers * answer_bytes / 2);
}

TEST("who reads nothing for too long is left, and so is the model") {
  scratch_folder folder;
  gateway_process gate{{"--write-timeout", "500ms"},
                       {"--script", folder.file("answers.txt", long_answer(12 << 20))},
                       "output_checks: false"};
  client one{gate.port()};
  one.write(stream_request("Hello"));
  CHECK(one.sees("ZZZZ"));
  CHECK(comes_true([&] { return nobody_is_connected(gate); }));
  CHECK(comes_true([&] { return gate.mock().stats().open_connections == 0; }));
  CHECK_EQ(one.read().status, 0); // cut off
  CHECK_EQ(metric(gate, "guardrails_in_flight"), 0);
}

TEST("sockets that are closed on one side") {
  gateway_process gate{{}, {"--tokens-per-second", "20"}, "output_checks: false"};
  warm_up(gate);
  const auto descriptors = descriptors_of(gate.process().id());
  {
    client idle{gate.port()};
    idle.end_writing();
    CHECK(idle.ended());
    client brief{gate.port()};
    brief.write(get_request("/healthz"));
    brief.end_writing();
    CHECK_EQ(brief.read().status, 200);
    CHECK(brief.ended());
    client within_header{gate.port()};
    within_header.write("POST /chat HTTP/1.1\r\nHo");
    within_header.end_writing();
    CHECK_EQ(within_header.read().status, 400);
    CHECK(within_header.ended());
    client waiting{gate.port()};
    waiting.write(chat_request(words(2000)));
    CHECK(comes_true([&] { return gate.mock().stats().requests == 1; }));
    waiting.end_writing();
    CHECK(comes_true([&] { return gate.mock().stats().cancelled == 1; }));
    CHECK_EQ(waiting.read().status, 503);
    CHECK(waiting.ended());
    client reading{gate.port()};
    reading.write(stream_request(words(2000)));
    CHECK(reading.sees("word"));
    reading.end_writing();
    CHECK(comes_true([&] { return gate.mock().stats().cancelled == 2; }));
    const auto got = reading.read();
    CHECK(got.body.find("\"cancelled\"") != std::string::npos);
    CHECK(!got.body.ends_with("data: [DONE]\n\n"));
    CHECK(reading.ended());
  }
  CHECK(comes_true([&] { return nobody_is_connected(gate); }));
  CHECK(descriptors_of(gate.process().id()) <=
        descriptors + 2); // an idle one to the model, and who asked last
}
