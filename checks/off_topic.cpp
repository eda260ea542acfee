// The off-topic check: whether a request is about any of the topics that are allowed.
#include "checks/registry.hpp"
#include "checks/topics.hpp"

namespace guardrails::checks {

namespace {

class off_topic_check final : public text_check {
public:
  off_topic_check(const guardrails_config& config, const similarity::encoder& by)
    : topics_{allowed_topics(config, by)}
    , message_{config.messages.text("off_topic")}
    , threshold_{config.off_topic_threshold}
    , blocks_{config.block_off_topic} {}

  std::string_view name() const noexcept override { return "off_topic"; }
  std::string_view message_key() const noexcept override { return "off_topic"; }
  bool judges(direction dir) const noexcept override { return dir == direction::input; }

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    const auto nearest = topics_.nearest(text, stop).nearness;
    const auto near = nearest >= threshold_;
    report.off_topic = {near, near ? std::string{} : message_};
    if (near)
      return true;
    finding f;
    f.check = name();
    f.label = name();
    f.score = 1 - nearest;
    f.threshold = 1 - threshold_;
    f.action = blocks_ ? finding_action::block : finding_action::flag;
    f.span = {0, text.size()};
    f.model_version = topics_.by().version();
    report.findings.push_back(std::move(f));
    return !blocks_;
  }

  similarity::class_set topics_;
  std::string message_;
  double threshold_;
  bool blocks_;
};

} // namespace

std::unique_ptr<const check> compile_off_topic(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_off_topic)
    return nullptr;
  return std::make_unique<const off_topic_check>(config, similarity::embedded_encoder());
}

} // namespace guardrails::checks
