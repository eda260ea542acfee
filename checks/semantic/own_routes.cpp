// Classes of content of the user's own: a text like the utterances of one is of it.
#include "checks/registry.hpp"
#include "checks/topics.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace guardrails::checks {

namespace {

class own_routes_check final : public text_check {
public:
  own_routes_check(const guardrails_config& config, const similarity::encoder& by)
    : classes_{own_routes(config, by)}
    , routes_{config.routes}
    , block_classes_{config.block_classes} {}

  std::string_view name() const noexcept override { return "routes"; }
  std::string_view message_key() const noexcept override { return "routes"; }

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    const auto reached = routes_reached(classes_.nearness_to_each(text, stop));
    if (!report.semantic_class)
      report.semantic_class = std::string{};
    if (reached.empty())
      return true;
    const auto& first = reached.front();
    if (report.semantic_class->empty() || (first.blocks && !built_in_blocks(report)))
      report.semantic_class = first.route->name;
    for (const auto& r : reached)
      report.findings.push_back(describe(r, text));
    return !first.blocks;
  }

  struct reached_route {
    const content_route* route;
    double nearness;
    bool blocks;
  };

  /// Each has a threshold of its own, so the nearest need not be the only one. Those that block come first,
  /// and the nearer ones before others.
  std::vector<reached_route> routes_reached(std::span<const double> nearness) const {
    std::vector<reached_route> reached;
    for (std::size_t i = 0; i < routes_.size(); ++i)
      if (const auto& route = routes_[i]; nearness[i] >= route.threshold)
        reached.push_back({&route, nearness[i], blocks(route)});
    std::ranges::stable_sort(reached, [](const reached_route& a, const reached_route& b) {
      return std::pair{a.blocks, a.nearness} > std::pair{b.blocks, b.nearness};
    });
    return reached;
  }

  bool blocks(const content_route& route) const {
    return block_classes_.empty() || std::ranges::find(block_classes_, route.name) != block_classes_.end();
  }

  finding describe(const reached_route& reached, std::string_view text) const {
    finding f;
    f.check = name();
    f.label = reached.route->name;
    f.score = reached.nearness;
    f.threshold = reached.route->threshold;
    f.action = reached.blocks ? finding_action::block : finding_action::flag;
    f.span = {0, text.size()};
    f.model_version = classes_.by().version();
    return f;
  }

  // The built-in classes were asked before.
  static bool built_in_blocks(const check_report& report) {
    return std::ranges::any_of(report.findings, [](const finding& f) {
      return f.check == "semantic_class" && f.action == finding_action::block;
    });
  }

  similarity::class_set classes_;
  std::vector<content_route> routes_;
  std::vector<std::string> block_classes_;
};

} // namespace

std::unique_ptr<const check> compile_own_routes(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_semantic || config.routes.empty())
    return nullptr;
  return std::make_unique<const own_routes_check>(config, similarity::embedded_encoder());
}

} // namespace guardrails::checks
