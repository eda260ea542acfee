// Classes of content of the user's own: a text like the utterances of one is of it.
#include "checks/registry.hpp"
#include "checks/topics.hpp"

#include <algorithm>

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
    const auto found = classes_.nearest(text, stop);
    const auto& route = routes_[found.index];
    if (found.nearness < route.threshold) {
      if (!report.semantic_class)
        report.semantic_class = std::string{};
      return true;
    }
    const auto blocks =
      block_classes_.empty() || std::ranges::find(block_classes_, route.name) != block_classes_.end();
    finding f;
    f.check = name();
    f.label = route.name;
    f.score = found.nearness;
    f.threshold = route.threshold;
    f.action = blocks ? finding_action::block : finding_action::flag;
    f.span = {0, text.size()};
    f.model_version = classes_.by().version();
    if (!report.semantic_class || report.semantic_class->empty() || (blocks && !built_in_blocks(report)))
      report.semantic_class = route.name;
    report.findings.push_back(std::move(f));
    return !blocks;
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
