// The part of the content class check that reads a text as it was written: orders that a model can read and
// nobody can see. No script and no emoji needs such runs, so that they are proof enough.
#include "checks/code_point_class.hpp"
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/semantic/content_class.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <optional>

namespace guardrails::checks {

namespace {

constexpr std::size_t least_tags = 8;       // the longest region of a flag has 6 and a last one
constexpr std::size_t least_invisible = 24; // of characters that may stand for bits or letters
constexpr std::size_t bytes_between_stops = 16'384;

constexpr auto hidden_is = semantic::content_class::prompt_injection;

constexpr bool is_tag(char32_t c) noexcept {
  return c >= 0xE0020 && c <= 0xE007E;
}

/// What of a text hides another one, and how.
struct hidden_run {
  match_range where;
  std::string_view rule;
};

std::size_t first_beyond_ascii(std::string_view text, std::size_t from, std::size_t until) noexcept {
  const auto found = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(from),
                                  text.begin() + static_cast<std::ptrdiff_t>(until),
                                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return static_cast<std::size_t>(found - text.begin());
}

/// The run of invisible characters that begins at `begin`, if it is long enough to hide something.
std::optional<hidden_run> hidden_at(std::string_view text, std::size_t begin, std::size_t& end) {
  std::size_t invisible = 0;
  std::size_t tags = 0;
  for (end = begin; end < text.size();) {
    const auto c = decode_at(text, end);
    if (!is_invisible(c.value))
      break;
    ++invisible;
    tags += is_tag(c.value) ? 1 : 0;
    end += c.length;
  }
  if (tags >= least_tags)
    return hidden_run{{begin, end}, "text hidden in tag characters"};
  if (invisible >= least_invisible)
    return hidden_run{{begin, end}, "text hidden in invisible characters"};
  return std::nullopt;
}

std::optional<hidden_run> find_hidden(std::string_view text, const stop_function& stop) {
  for (std::size_t at = 0, asked = 0; at < text.size();) {
    if (stop && at >= asked) {
      if (stop())
        return std::nullopt;
      asked = at + bytes_between_stops;
    }
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      at = first_beyond_ascii(text, at, std::min(text.size(), at + bytes_between_stops));
      continue;
    }
    auto end = at;
    if (auto found = hidden_at(text, at, end))
      return found;
    at = std::max(end, at + std::max<std::size_t>(decode_at(text, at).length, 1));
  }
  return std::nullopt;
}

class hidden_text_check final : public text_check {
public:
  explicit hidden_text_check(bool blocks)
    : blocks_{blocks} {}

  std::string_view name() const noexcept override { return "semantic_class"; }
  std::string_view message_key() const noexcept override { return semantic::name_of(hidden_is); }
  text_form reads() const noexcept override { return text_form::original; }
  bool judges_tool_results() const noexcept override { return true; }
  bool judges(direction facing) const noexcept override { return facing != direction::output; }

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    const auto hidden = find_hidden(text, stop);
    if (!hidden)
      return true;
    const auto label = semantic::name_of(hidden_is);
    report.findings.push_back(rule_finding(name(), label,
                                           blocks_ ? finding_action::block : finding_action::flag,
                                           hidden->where, std::string{hidden->rule}));
    if (!report.semantic_class || report.semantic_class->empty())
      report.semantic_class = label;
    return !blocks_;
  }

  bool blocks_;
};

} // namespace

std::unique_ptr<const check> compile_hidden_text(compile_context& context) {
  const auto& config = context.config.guardrails;
  if (!config.check_semantic)
    return nullptr;
  const auto& blocking = config.block_classes;
  return std::make_unique<const hidden_text_check>(
    blocking.empty() || std::ranges::find(blocking, semantic::name_of(hidden_is)) != blocking.end());
}

} // namespace guardrails::checks
