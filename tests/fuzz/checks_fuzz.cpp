// Any bytes through a rail: it never throws, its spans fit the text, and it says the same twice.
#include "checks/rail.hpp"
#include "checks/utf8.hpp"

#include <guardrails/pii.hpp>
#include <guardrails/utf8.hpp>

#include <cstdlib>

namespace {

using namespace guardrails;

std::uint64_t no_time() noexcept {
  return 0;
}

void expect(bool holds) {
  if (!holds)
    std::abort();
}

checks::rail compile() {
  rails_config config;
  config.guardrails.block_list = block_list_config{{"cat", "top secret", "炸弹", "ñandú", "c++"},
                                                   {"d.g+", "a.*?b|a", "[^x]y", "(?i)pass(word|phrase)"},
                                                   finding_action::mask};
  config.guardrails.decode_runs = true;
  config.guardrails.data_exfiltration.enabled = true;
  config.guardrails.ban_list["names"] = {{"cat", "dog"}, finding_action::mask};
  config.guardrails.invisible_text = invisible_text_config{finding_action::mask};
  config.guardrails.urls = urls_config{{"good.com"}, {"evil.com", "*.b"}, {}, finding_action::mask};
  config.guardrails.languages = languages_config{{"fr"}, 20, 0.5, finding_action::flag};
  config.guardrails.output_json = output_json_config{{}, false, finding_action::flag};
  // Every entity, whatever its score, each masked with its number.
  auto& pii = config.guardrails.pii;
  pii.enabled = true;
  pii.entity_types.assign(known_entities().begin(), known_entities().end());
  pii.default_confidence_threshold = 0;
  pii.mask_format = "<ENTITY_TYPE_N>";
  pii.custom_entities["OWN"] = {{"x.*?y", "[0-9]+z"}, {"own"}, 0.5, "luhn"};
  pii.entity_types.emplace_back("OWN");
  return checks::compile_rail(config, checks::direction::output);
}

bool on_boundary(std::string_view text, std::uint64_t pos) {
  return pos == text.size() || (pos < text.size() && !checks::is_continuation(text[pos]));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto rail = compile();
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto first = rail.judge(text, no_time);
  const auto valid = find_invalid_utf8(text) == std::string_view::npos;
  expect(valid == first.report.errors.empty());
  expect(valid || (!first.report.passed && first.check_error));
  for (const auto& f : first.report.findings)
    // What is missing from JSON is missing at a place without bytes.
    expect((f.span.begin < f.span.end || (f.check == "output_json" && f.span.begin == f.span.end)) &&
           on_boundary(text, f.span.begin) && on_boundary(text, f.span.end));
  const auto second = rail.judge(text, no_time);
  expect(second.report.passed == first.report.passed && second.report.message == first.report.message);
  expect(second.report.findings.size() == first.report.findings.size());
  expect(valid == first.report.pii.has_value());
  const auto masked = checks::apply_replacements(text, 0, first.report.findings);
  expect(!valid || find_invalid_utf8(masked) == std::string_view::npos);
  return 0;
}
