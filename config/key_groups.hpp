// The parts of the key table: each appends the keys of one area.
#pragma once

#include "config/keys.hpp"

#include <string>
#include <vector>

namespace guardrails::config {

void add_llm_keys(std::vector<key>& keys);
void add_missing_llm_keys(std::vector<key>& keys);
/// The section `path` of a check that a remote judge can take over; `who` begins its sentence.
void add_judge_keys(std::vector<key>& keys, const std::string& path, judge_config guardrails_config::*judge,
                    const std::string& who);
void add_route_keys(std::vector<key>& keys);
void add_topic_keys(std::vector<key>& keys);
void add_pii_keys(std::vector<key>& keys);
void add_token_budget_keys(std::vector<key>& keys);
void add_exfiltration_keys(std::vector<key>& keys);
void add_list_keys(std::vector<key>& keys);
void add_url_keys(std::vector<key>& keys);
void add_language_keys(std::vector<key>& keys);
void add_output_json_keys(std::vector<key>& keys);
void add_cluster_keys(std::vector<key>& keys);

} // namespace guardrails::config
