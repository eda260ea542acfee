// Scout: looks names up and tries ports on threads of its own, since both block.
#pragma once

#include "config/node_address.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::actors {

/// Thread-safe. Results come on a thread of the scout's, one at a time, and none comes after stop().
class scout {
public:
  using tried = std::function<void(std::string problem)>;
  using resolved = std::function<void(std::vector<std::string> addresses, std::string problem)>;

  scout();
  ~scout();
  scout(const scout&) = delete;
  scout& operator=(const scout&) = delete;

  /// Whether something listens there: CAF would wait for minutes, and everybody else for CAF. `done` may be
  /// called at once where there is no room for it.
  void try_port(config::node_address where, tried done);

  /// What a name stands for, as numeric HOST:PORT; for what is numeric `done` is called at once. Slow names
  /// hold up no try, for those have threads of their own.
  void look_up(config::node_address where, resolved done);

  /// Drops what is under way, whose threads end by themselves.
  void stop() noexcept;

private:
  struct board;
  using telling = std::function<void()>;
  using errand = std::function<telling()>;

  /// Gives `refused` to be told where `work` cannot be taken.
  static void run(const std::shared_ptr<board>& by, errand work, const telling& refused);

  std::shared_ptr<board> tries_; // the threads hold them too
  std::shared_ptr<board> look_ups_;
};

} // namespace guardrails::actors
