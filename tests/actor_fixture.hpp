// A deterministic world for actors: messages run one at a time, in the thread of the test.
#pragma once

#include "tests/caf_test.hpp"

#include <guardrails/actors.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guardrails::test {

#if GUARDRAILS_CAF_BEFORE(1, 0)
struct test_config : caf::actor_system_config {
  test_config() { enlist_types(*this); }
};

struct deterministic : test_coordinator_fixture<test_config> {
  void settle() { run(); }
};
#else
struct deterministic : caf::test::fixture::deterministic {
  caf::scoped_actor self{sys};
  void settle() { dispatch_messages(); }
};
#endif

struct actor_fixture : deterministic {
  /// Sends a request, lets everything settle and hands out the answer.
  template <class Answer, class Handle, class Message>
  std::optional<Answer> ask(const Handle& to, Message message) {
    auto pending = mail(&*self, std::move(message)).request(to, caf::infinite);
    settle();
    std::optional<Answer> result;
    std::move(pending).receive([&](Answer& answer) { result = std::move(answer); },
                               [&](caf::error& error) { problem = caf::to_string(error); });
    return result;
  }

  /// `sent` as another node would receive it; nothing when it cannot travel.
  template <class Message>
  std::optional<Message> over_the_wire(Message sent) {
    Message received;
#if GUARDRAILS_CAF_BEFORE(0, 18)
    std::vector<char> bytes;
    caf::binary_serializer sink{sys, bytes};
    const bool written = !sink(sent);
    caf::binary_deserializer source{sys, bytes};
    const bool read = written && !source(received);
#else
    caf::byte_buffer bytes;
    caf::binary_serializer sink{sys, bytes};
    const bool written = sink.apply(sent);
    caf::binary_deserializer source{sys, bytes};
    const bool read = written && source.apply(received);
#endif
    return read ? std::optional{std::move(received)} : std::nullopt;
  }

  /// Ends an actor and everything that this sets off.
  template <class Handle>
  void end(const Handle& who) {
    post_exit(who, caf::exit_reason::user_shutdown);
    settle();
  }

  std::string problem; // the error that the latest failed ask() met
};

} // namespace guardrails::test
