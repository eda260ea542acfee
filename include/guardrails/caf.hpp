// One spelling of CAF for every supported release: 0.17, 0.18 and 1.x.
//
// The sources are written in the newest spelling: result<Out>(In) signatures, mail(), monitors with a
// callback, actors from a class with make_behavior(). This header carries that spelling back to the older
// releases; nothing else in the project looks at CAF's version.
#pragma once

#include <guardrails/enum_names.hpp>
#include <guardrails/options.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/members.hpp>

#include <caf/all.hpp>
#include <caf/init_global_meta_objects.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

// CAF_VERSION itself is wrong in the 1.0 and 1.1 releases, the major and minor macros are right everywhere.
#define GUARDRAILS_CAF_BEFORE(major, minor)                                                                  \
  (100 * CAF_MAJOR_VERSION + CAF_MINOR_VERSION < 100 * (major) + (minor))

namespace guardrails {

// -- interfaces: typed_actor<caf::result<Out>(In), ...>

#if GUARDRAILS_CAF_BEFORE(0, 18)
namespace compat {

template <class Signature>
struct replies;

template <class... Out, class... In>
struct replies<caf::result<Out...>(In...)> {
  using type = typename caf::replies_to<In...>::template with<Out...>;
};

} // namespace compat

template <class... Signatures>
using typed_actor = caf::typed_actor<typename compat::replies<Signatures>::type...>;
#else
template <class... Signatures>
using typed_actor = caf::typed_actor<Signatures...>;
#endif

// -- messages: inspect() derives from BOOST_DESCRIBE_STRUCT and BOOST_DESCRIBE_ENUM

/// A struct of this project that was described with BOOST_DESCRIBE_STRUCT.
template <class T>
concept described_struct = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;

#if GUARDRAILS_CAF_BEFORE(0, 18)
namespace compat {

// CAF 0.17 has no inspection for std::optional: it travels as a flag and, if set, the value.
template <class T>
struct optional_field {
  std::optional<T>* target;
};

template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, optional_field<T>& x) {
  bool filled = x.target->has_value();
  if constexpr (Inspector::writes_state) {
    if (auto problem = f(filled))
      return problem;
    if (!filled) {
      x.target->reset();
      return {};
    }
    return f(x.target->emplace());
  } else {
    return filled ? f(filled, **x.target) : f(filled);
  }
}

template <class T>
T& field(T& x) {
  return x;
}

template <class T>
optional_field<T> field(std::optional<T>& x) {
  return {&x};
}

} // namespace compat
#endif

template <class Inspector, described_struct T>
auto inspect(Inspector& f, T& x) {
  auto visit = [&]<template <class...> class Members, class... Member>(Members<Member...>) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
    return f(caf::meta::type_name("guardrails"), compat::field(x.*Member::pointer)...);
#else
    return f.object(x).fields(f.field(Member::name, x.*Member::pointer)...);
#endif
  };
  return visit(boost::describe::describe_members<T, boost::describe::mod_public>{});
}

/// A type that travels as another one: `wire_type`, `wire_type to_wire() const`, `static T
/// from_wire(wire_type)`.
template <class T>
concept wire_convertible = requires(const T& x, typename T::wire_type wire) {
  { x.to_wire() } -> std::same_as<typename T::wire_type>;
  { T::from_wire(std::move(wire)) } -> std::same_as<T>;
};

/// A wire_convertible type that must not be seen: where people read along, `to_public()` stands in its place.
template <class T>
concept confidential = wire_convertible<T> && requires(const T& x) {
  { x.to_public() } -> std::same_as<std::string>;
};

template <class Inspector, wire_convertible T>
auto inspect(Inspector& f, T& x) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  if constexpr (confidential<T> && std::is_same_v<Inspector, caf::detail::stringification_inspector>) {
    auto shown = x.to_public();
    return f(shown);
  } else if constexpr (Inspector::writes_state) {
    typename T::wire_type wire;
    auto problem = f(wire);
    if (!problem)
      x = T::from_wire(std::move(wire));
    return problem;
  } else {
    auto wire = x.to_wire();
    return f(wire);
  }
#else
  if constexpr (confidential<T> && !Inspector::is_loading) {
    if (f.has_human_readable_format()) {
      auto shown = x.to_public();
      return f.object(x).fields(f.field("value", shown));
    }
  }
  auto get = [&x] { return x.to_wire(); };
  auto set = [&x](typename T::wire_type wire) {
    x = T::from_wire(std::move(wire));
    return true;
  };
  return f.object(x).fields(f.field("value", get, set));
#endif
}

#if !GUARDRAILS_CAF_BEFORE(0, 18)
// CAF 0.17 serializes enums as their underlying type without being told.
template <class StringView, described_enum E>
bool from_string(const StringView& name, E& x) {
  return boost::describe::enum_from_string(std::string{name.data(), name.size()}.c_str(), x);
}

template <described_enum E>
bool from_integer(std::underlying_type_t<E> number, E& x) {
  x = static_cast<E>(number);
  return boost::describe::enum_to_string(x, nullptr) != nullptr;
}

template <class Inspector, described_enum E>
bool inspect(Inspector& f, E& x) {
  return caf::default_enum_inspect(f, x);
}
#endif

// -- sending: mail(self, message).send/request/delegate/delay

#if GUARDRAILS_CAF_BEFORE(1, 0)
namespace compat {

template <class Self, class Message>
struct letter {
  Self* self;
  Message message;

  template <class Handle>
  void send(const Handle& to) && {
    self->send(to, std::move(message));
  }

  template <class Handle, class Timeout>
  auto request(const Handle& to, Timeout timeout) && {
    return self->request(to, timeout, std::move(message));
  }

  template <class Handle>
  auto delegate(const Handle& to) && {
    return self->delegate(to, std::move(message));
  }

  struct delayed {
    letter held;
    caf::timespan wait;

    template <class Handle>
    void send(const Handle& to) && {
      held.self->delayed_send(to, wait, std::move(held.message));
    }
  };

  delayed delay(caf::timespan wait) && { return {std::move(*this), wait}; }
};

} // namespace compat

template <class Self, class Message>
compat::letter<Self, std::decay_t<Message>> mail(Self* self, Message&& message) {
  return {self, std::forward<Message>(message)};
}
#else
template <class Self, class Message>
auto mail(Self* self, Message&& message) {
  return self->mail(std::forward<Message>(message));
}
#endif

/// Sends `message` to an actor from outside the actor world.
template <class Handle, class Message>
void post(const Handle& to, Message&& message) {
#if GUARDRAILS_CAF_BEFORE(1, 0)
  caf::anon_send(to, std::forward<Message>(message));
#else
  caf::anon_mail(std::forward<Message>(message)).send(to);
#endif
}

/// Asks an actor to terminate. `kill` cannot be refused by the receiver.
template <class Handle>
void post_exit(const Handle& to, caf::exit_reason reason) {
  caf::anon_send_exit(to, reason);
}

// -- supervision

/// Tells an actor of the end of others, whatever the reason. An actor has at most one watcher.
template <class Self>
class watcher {
public:
  using reaction = std::function<void(const caf::actor_addr&)>;

  watcher(Self* self, reaction react)
    : self_{self}
    , react_{std::move(react)} {
#if GUARDRAILS_CAF_BEFORE(1, 0)
    self_->set_down_handler([react = react_](caf::down_msg& down) { react(down.source); });
#endif
  }

  template <class Handle>
  void add(const Handle& handle) {
#if GUARDRAILS_CAF_BEFORE(1, 0)
    self_->monitor(handle);
#else
    self_->monitor(handle, [react = react_, who = handle.address()](const caf::error&) { react(who); });
#endif
  }

private:
  Self* self_;
  reaction react_;
};

/// Takes errors that nobody asked for as read. From 0.18 on, every promise that dies with an actor sends one
/// to whoever waited for it; by default the first of them would end the receiver.
template <class Self>
void ignore_stray_errors(Self* self) {
  CAF_PUSH_DEPRECATED_WARNING
  self->set_error_handler([](caf::error&) {});
  CAF_POP_WARNINGS
}

// -- actors: a class with make_behavior()

/// Runs a `State` as an actor. The constructor of `State` takes the self pointer first. The state dies when
/// the actor terminates, so handles it holds cannot keep a cycle of actors alive.
template <class State>
class actor final : public State::handle::base {
public:
  using super = typename State::handle::base;

  template <class... Args>
  explicit actor(caf::actor_config& config, Args&&... args)
    : super(config) {
    state_.emplace(static_cast<typename State::handle::pointer>(this), std::forward<Args>(args)...);
  }

  typename super::behavior_type make_behavior() override { return state_->make_behavior(); }

  void on_exit() override { state_.reset(); }

  const char* name() const override { return State::name; }

private:
  std::optional<State> state_;
};

/// Spawns `State`; `host` is an actor system or a running actor.
template <class State, class Host, class... Args>
typename State::handle spawn(Host& host, Args&&... args) {
  return host.template spawn<actor<State>>(std::forward<Args>(args)...);
}

// -- set-up

/// Announces the message types of `Block`. From CAF 0.18 on this must happen before the first actor system
/// configuration is constructed; calling it again does no harm.
template <class Block>
void announce() {
#if !GUARDRAILS_CAF_BEFORE(0, 18)
  caf::init_global_meta_objects<Block>();
  caf::core::init_global_meta_objects();
#endif
}

/// Adds the message types of `Block` to a configuration where CAF wants them there (before 0.18).
template <class Block>
void enlist([[maybe_unused]] caf::actor_system_config& config) {
#if GUARDRAILS_CAF_BEFORE(0, 18)
  config.add_message_types<Block>();
#endif
}

/// Sets the worker threads and their policy; never reads the host program's arguments or files.
inline void set_scheduler(caf::actor_system_config& config, std::size_t threads, scheduler_policy policy) {
  // CAF's default lets an actor empty its mailbox. With bounded turns a burst passes the chain in slices,
  // each while it is still in the processor's cache, and no lane waits for another one's burst.
  constexpr std::size_t messages_per_turn = 64;
#if GUARDRAILS_CAF_BEFORE(0, 18)
  config.set("scheduler.max-threads", threads);
  config.set("scheduler.max-throughput", messages_per_turn);
  config.set("scheduler.policy",
             policy == scheduler_policy::stealing ? caf::atom("stealing") : caf::atom("sharing"));
#else
  config.set("caf.scheduler.max-threads", threads);
  config.set("caf.scheduler.max-throughput", messages_per_turn);
  config.set("caf.scheduler.policy", policy == scheduler_policy::stealing ? "stealing" : "sharing");
#endif
}

/// Lets go of the actor system that the calling thread constructed. Before 1.0, CAF's logger is held by every
/// thread that constructed a system or spawned from outside, and the system's destructor waits, without end,
/// until all of them but the destructing one have let go.
inline void forget_actor_system() {
#if GUARDRAILS_CAF_BEFORE(1, 0)
  caf::logger::set_current_actor_system(nullptr);
#endif
}

} // namespace guardrails
