// The keys of topics and routes: classes that a configuration describes.
#include "config/key_entry.hpp"
#include "config/key_groups.hpp"
#include "config/key_limits.hpp"

namespace guardrails::config {

namespace {

constexpr std::size_t most_classes = 64;
constexpr std::size_t most_examples = 200; // of each; a text is compared with all of them

limits topics() {
  return {.max_items = most_classes,
          .members = {{"name", text(one_line)}, {"description", {}}, {"examples", texts(most_examples)}}};
}

limits routes() {
  return {.max_items = most_classes,
          .members = {
            {"name", text(one_line)}, {"utterances", texts(most_examples)}, {"threshold", between(0, 1)}}};
}

} // namespace

void add_route_keys(std::vector<key>& keys) {
  keys.push_back(value("guardrails.routes", in_guardrails(&guardrails_config::routes), routes(),
                       "Own classes of content: a text like the utterances of one is of it."));
}

void add_topic_keys(std::vector<key>& keys) {
  using g = guardrails_config;
  auto check = value("guardrails.check_off_topic", in_guardrails(&g::check_off_topic), {},
                     "Finds requests that are about none of the allowed topics.")
                 .check();
  check.made.runs = [](const rails_config& config) {
    return config.guardrails.check_off_topic && config.guardrails.input_checks;
  };
  keys.push_back(std::move(check));
  keys.push_back(value("guardrails.block_off_topic", in_guardrails(&g::block_off_topic), {},
                       "Whether such requests are blocked or only reported."));
  keys.push_back(value("guardrails.allowed_topics", in_guardrails(&g::allowed_topics), topics(),
                       "What users may ask about; examples make the check much surer."));
  keys.push_back(
    value("guardrails.off_topic_threshold", in_guardrails(&g::off_topic_threshold), between(0, 1),
          "How near to a topic a request must be; at 0.5, some 95 of 100 requests about it are."));
}

} // namespace guardrails::config
