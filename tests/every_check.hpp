// A policy of every check, each set so that as much as possible counts.
#pragma once

#include <guardrails/pii.hpp>
#include <guardrails/rails_config.hpp>

namespace guardrails::test {

/// For answers: every check judges those.
inline rails_config every_check() {
  rails_config config;
  auto& g = config.guardrails;
  g.decode_runs = true;
  g.data_exfiltration.enabled = true;
  g.check_sql_syntax = true;
  g.pii.enabled = true;
  g.pii.entity_types.assign(known_entities().begin(), known_entities().end());
  g.pii.default_confidence_threshold = 0;
  g.block_list =
    block_list_config{{"cat", "aa aa aa b", "a a a a", "\xE7\x82\xB8\xE7\x82\xB8\xE7\x82\xB8", "phone book"},
                      {"a.*?b|a", "(a|aa)+c|a", "[0-9]+x|1", "(?s).*z|@"},
                      finding_action::flag};
  g.ban_list["names"] = {{"cat", "aa aa b", "phone"}, finding_action::flag};
  g.invisible_text = invisible_text_config{finding_action::flag};
  g.urls = urls_config{{"good.com"}, {"evil.com", "*.b"}, {}, finding_action::flag};
  g.languages = languages_config{{"fr"}, 20, 0.5, finding_action::flag};
  g.output_json =
    output_json_config{R"({"items":{"pattern":"(a+)+$"},"uniqueItems":true})", false, finding_action::flag};
  return config;
}

} // namespace guardrails::test
