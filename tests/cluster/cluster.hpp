// A cluster under test: a model that echoes, nodes on their machines, a gateway in their middle. All are real
// programs.
#pragma once

#include "tests/child_process.hpp"
#include "tests/cluster/machines.hpp"
#include "tests/mock_llm_process.hpp"
#include "tests/scratch_folder.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::test {

struct cluster_plan {
  int nodes = 3;
  bool tls = false;                          ///< certificates and a join token
  bool repeat_started = false;               ///< as the configuration's key
  std::chrono::milliseconds latency{50};     ///< the model's
  std::chrono::milliseconds deadline{5'000}; ///< of a generation
};

class cluster {
public:
  /// Starts all of it; throws std::runtime_error where one does not come up.
  cluster(cluster_plan how, const machines& where);

  std::uint16_t gateway() const noexcept { return gateway_port_; }
  child_process& node(int machine) { return *nodes_.at(static_cast<std::size_t>(machine - 1)); }

  /// In place of the one that ended there, at its address.
  void start_node(int machine);

  /// How many questions reached the model more than once.
  std::int64_t repeated_questions() const;

private:
  void make_certificates();
  void start_model();
  void start_gateway();
  std::string config() const;
  std::vector<std::string> trust(const std::string& name) const;
  std::string endpoint(int machine) const;

  cluster_plan how_;
  const machines& where_;
  scratch_folder folder_;
  std::vector<std::uint16_t> node_ports_;
  std::uint16_t model_port_ = 0;
  std::uint16_t gateway_port_ = 0;
  std::unique_ptr<child_process> model_;
  std::vector<std::unique_ptr<child_process>> nodes_;
  std::unique_ptr<child_process> gateway_;
};

} // namespace guardrails::test
