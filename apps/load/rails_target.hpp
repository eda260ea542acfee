// The library as target, without HTTP: its generations run in this process or at nodes.
#pragma once

#include "apps/load/prompt.hpp"
#include "apps/load/target.hpp"

#include <guardrails/llm_rails.hpp>

#include <span>
#include <string>
#include <vector>

namespace guardrails::load {

class rails_target final : public target {
public:
  /// Where the cluster of `config` names nodes, they are waited for. Throws config_error.
  rails_target(std::string shown, const rails_config& config, std::span<const prompt> prompts, bool stream);

  std::string shown() const override { return shown_; }

  /// Waits until all nodes are open; one is enough.
  bool is_ready(std::chrono::milliseconds patience) override;

  std::unique_ptr<line> make_line(boost::asio::io_context& context) override;

private:
  std::string shown_;
  bool stream_;
  bool waits_; ///< nothing can be done without a node
  std::vector<generation_request> requests_;
  llm_rails rails_;
};

} // namespace guardrails::load
