// llm_rails: a whole guardrails runtime behind four calls.
#pragma once

#include <guardrails/async.hpp>
#include <guardrails/completion.hpp>
#include <guardrails/generation.hpp>
#include <guardrails/node_status.hpp>
#include <guardrails/options.hpp>
#include <guardrails/rails_config.hpp>
#include <guardrails/text_stream.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace caf {
class actor_system;
}

namespace guardrails {

struct rails_handle; // <guardrails/actors.hpp>

/// Tag type of `return_details`.
struct return_details_t {
  explicit constexpr return_details_t() = default;
};

/// Asks for the whole `generation` instead of its final response.
inline constexpr return_details_t return_details{};

/// What <guardrails/asio.hpp> takes as one: anything but `return_details`.
template <class T>
concept completion_token = !std::same_as<std::remove_cvref_t<T>, return_details_t>;

/// Runs guarded generations. Thread-safe: any number of threads, coroutines and actors may share one object.
///
/// A generation never throws: a blocked request, a failing model, an overload, a timeout and a cancellation
/// are all values (`generation::blocked`, `block_reason`, `error`). Only loading a configuration throws.
class llm_rails {
public:
  /// Starts a runtime with an actor system of its own. Throws config_error when `config` cannot be compiled.
  explicit llm_rails(const rails_config& config, const runtime_options& options = {});

  /// Starts a runtime inside `system`, which must outlive this object. Its threads and policy stay as they
  /// are.
  llm_rails(caf::actor_system& system, const rails_config& config, const runtime_options& options = {});

  /// Ends stage by stage; whatever is still under way is answered as `cancelled` at once. Waits five seconds
  /// at most for actors that are still judging a text; an actor system of its own then ends when the last of
  /// them has.
  ~llm_rails();

  llm_rails(llm_rails&&) noexcept;
  llm_rails& operator=(llm_rails&&) noexcept;

  /// Runs one generation and waits for it: the final response, or the whole account. Must not be called in an
  /// actor.
  std::string generate(std::vector<chat_message> messages);
  generation generate(std::vector<chat_message> messages, return_details_t);
  generation generate(generation_request request);

  /// The same for messages written in place: `rails.generate({{"user", "What is AI?"}})`.
  std::string generate(std::initializer_list<chat_message> messages) {
    return generate(std::vector<chat_message>(messages));
  }
  generation generate(std::initializer_list<chat_message> messages, return_details_t tag) {
    return generate(std::vector<chat_message>(messages), tag);
  }

  /// Starts one generation.
  async<std::string> generate_async(std::vector<chat_message> messages);
  async<generation> generate_async(std::vector<chat_message> messages, return_details_t);
  async<generation> generate_async(generation_request request);

  async<std::string> generate_async(std::initializer_list<chat_message> messages) {
    return generate_async(std::vector<chat_message>(messages));
  }
  async<generation> generate_async(std::initializer_list<chat_message> messages, return_details_t tag) {
    return generate_async(std::vector<chat_message>(messages), tag);
  }

  /// Starts one generation whose answer can be shown while it comes.
  text_stream generate_stream(std::vector<chat_message> messages);
  text_stream generate_stream(generation_request request);

  text_stream generate_stream(std::initializer_list<chat_message> messages) {
    return generate_stream(std::vector<chat_message>(messages));
  }

  /// Starts one generation for an Asio completion token; defined in <guardrails/asio.hpp>.
  template <completion_token CompletionToken>
  auto generate_async(std::vector<chat_message> messages, CompletionToken&& token);
  template <class CompletionToken>
  auto generate_async(std::vector<chat_message> messages, return_details_t, CompletionToken&& token);

  /// The primitives that the calls above are made of. A ticket names one generation; it is reserved first, so
  /// that it can be cancelled by whoever sees the result.
  std::uint64_t reserve_ticket();

  /// Starts a generation whose result goes to `done`, exactly once.
  void submit(std::uint64_t ticket, generation_request request, std::unique_ptr<completion> done);

  /// How much of an answer may be released before it is used, in bytes.
  static constexpr std::uint64_t stream_window = 1u << 16;

  /// The same for an answer that is released as it comes: use_stream() says what was used of it, and while
  /// `stream_window` bytes are unused, no more is read from the model.
  void submit_stream(std::uint64_t ticket, generation_request request,
                     std::unique_ptr<stream_completion> done);

  /// So many bytes of a ticket's stream were used. Unknown tickets are ignored.
  void use_stream(std::uint64_t ticket, std::uint64_t bytes);

  /// The same as a function that may outlive this object.
  std::function<void(std::uint64_t bytes)> use_stream_action(std::uint64_t ticket) const;

  /// Cancels a ticket: its upstream request is closed and it is answered as `cancelled`. Unknown tickets are
  /// ignored.
  void cancel(std::uint64_t ticket);

  /// The same as a function that may outlive this object.
  std::function<void()> cancel_action(std::uint64_t ticket) const;

  /// Replaces the configuration: requests submitted after the call use the new one, earlier ones end under
  /// the one they started with. Returns its version. Throws config_error and changes nothing when it cannot
  /// be compiled. Must not be called in an actor.
  std::string update(const rails_config& config);

  /// The version that new requests are pinned to.
  std::string config_version() const;

  /// Runs generations on a node too, HOST:PORT, until disconnect(). It is used once it answers, and again
  /// whenever it comes back. Throws std::invalid_argument when the address is none, and std::logic_error when
  /// neither `runtime_options::network` was set nor the configuration named nodes.
  void connect(const std::string& node);

  /// Sends nothing more to a node; what is under way there ends.
  void disconnect(const std::string& node);

  /// The nodes as they are now.
  std::vector<node_status> nodes() const;

  /// For CAF users: a typed actor that runs one generation per `generation_request`.
  rails_handle handle() const;

private:
  struct runtime;
  std::unique_ptr<runtime> runtime_;
};

} // namespace guardrails
