// What another process of this machine takes of it.
#pragma once

#include "apps/load/clock.hpp"

#include <optional>
#include <sys/types.h>

namespace guardrails::load {

struct process_usage {
  double cores = 0; ///< processors that it kept busy
  double resident_mb = 0;
};

class watched_process {
public:
  explicit watched_process(pid_t id)
    : id_{id} {
    look();
  }

  /// Since it was looked at before; nothing: it is gone.
  std::optional<process_usage> look();

private:
  pid_t id_;
  clock::time_point looked_ = clock::now();
  double seconds_ = 0; ///< of processors, so far
};

} // namespace guardrails::load
