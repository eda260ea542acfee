// The output JSON check: an answer is JSON, and such as a schema asks for.
#include "checks/line_counter.hpp"
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "json/schema.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace guardrails::checks {

namespace {

constexpr std::size_t most_findings = 20;
constexpr std::string_view space = " \t\r\n";
constexpr std::string_view fence = "```";

match_range trimmed(std::string_view text, match_range range) {
  while (range.begin < range.end && space.find(text[range.begin]) != std::string_view::npos)
    ++range.begin;
  while (range.begin < range.end && space.find(text[range.end - 1]) != std::string_view::npos)
    --range.end;
  return range;
}

bool names_json(std::string_view info) {
  const auto range = trimmed(info, {0, info.size()});
  const auto word = info.substr(range.begin, range.end - range.begin);
  return word.empty() || std::ranges::equal(word, std::string_view{"json"}, {}, [](char c) {
           return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
         });
}

/// What stands within the fences when `range` is one fenced block of JSON; else `range` itself.
match_range without_fences(std::string_view text, match_range range) {
  const auto block = text.substr(range.begin, range.end - range.begin);
  const auto line_end = block.find('\n');
  if (!block.starts_with(fence) || line_end == std::string_view::npos || !block.ends_with(fence) ||
      block.size() < line_end + 1 + fence.size() || block[block.size() - fence.size() - 1] != '\n' ||
      !names_json(block.substr(fence.size(), line_end - fence.size())))
    return range;
  return {range.begin + line_end + 1, range.end - fence.size()};
}

json::schema compile(const std::string& text) {
  const auto source = json::parse(text);
  if (const auto* error = std::get_if<json::syntax_error>(&source))
    throw config_error({}, "guardrails.output_json.schema", "is not JSON: " + error->problem);
  try {
    return json::schema{std::get<boost::json::value>(source)};
  } catch (const json::schema_error& error) {
    throw config_error({}, "guardrails.output_json.schema",
                       "cannot be used: at `" + json::to_pointer(error.where()) + "`: " + error.what());
  }
}

/// Something wrong with the JSON at a place of the text.
struct fault {
  match_range where;
  std::string rule;
  std::string problem;
};

class output_json_check final : public text_check {
public:
  explicit output_json_check(const output_json_config& config)
    : action_{config.action}
    , allow_fenced_{config.allow_fenced} {
    if (!config.schema.empty())
      schema_.emplace(compile(config.schema));
  }

  std::string_view name() const noexcept override { return "output_json"; }
  std::string_view message_key() const noexcept override { return "output_json"; }
  bool judges(direction dir) const noexcept override { return dir == direction::output; }
  text_form reads() const noexcept override { return text_form::original; }

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    auto faults = faults_of(text, stop);
    std::ranges::stable_sort(faults, {}, [](const fault& f) { return f.where.begin; });
    line_counter lines{text};
    std::string sentence;
    for (auto& [where, rule, problem] : faults) {
      sentence.append(sentence.empty() ? "" : "; ")
        .append(lines.describe(where.begin))
        .append(": ")
        .append(problem);
      report.findings.push_back(rule_finding(name(), "InvalidJSON", action_, where, std::move(rule)));
    }
    const auto passes = faults.empty() || action_ != finding_action::block;
    report.output_json = verdict_report{passes, std::move(sentence)};
    return passes;
  }

  std::vector<fault> faults_of(std::string_view text, const stop_function& stop) const {
    auto range = trimmed(text, {0, text.size()});
    if (allow_fenced_)
      range = without_fences(text, range);
    const auto inner = text.substr(range.begin, range.end - range.begin);
    const auto document = json::parse(inner);
    if (const auto* error = std::get_if<json::syntax_error>(&document))
      return {{from_error(text, range, error->offset), "json", error->problem}};
    std::vector<fault> faults;
    if (!schema_)
      return faults;
    for (auto& broken : schema_->validate(std::get<boost::json::value>(document), most_findings, stop)) {
      const auto value = json::find_value(inner, broken.where);
      faults.push_back({{range.begin + value.begin, range.begin + value.end},
                        std::move(broken.rule),
                        "the value " + broken.problem});
    }
    return faults;
  }

  /// From the error to the end of the JSON; at its very end the whole of it, of nothing the whole text.
  static match_range from_error(std::string_view text, match_range range, std::size_t offset) {
    const auto begin = next_boundary(text, range.begin + offset);
    if (begin < range.end)
      return {begin, range.end};
    return range.begin < range.end ? range : match_range{0, text.size()};
  }

  std::optional<json::schema> schema_;
  finding_action action_;
  bool allow_fenced_;
};

} // namespace

std::unique_ptr<const check> compile_output_json(compile_context& context) {
  const auto& config = context.config.guardrails.output_json;
  if (!config)
    return nullptr;
  return std::make_unique<const output_json_check>(*config);
}

} // namespace guardrails::checks
