// What the tests of checks/ share: configurations, tables and findings as short text.
#pragma once

#include "checks/rail.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace guardrails::checks::testing {

/// A clock that stands still.
inline std::uint64_t no_time() noexcept {
  return 0;
}

/// The defaults without the learned checks, which judge filler as they like.
inline rails_config sensitive_only() {
  rails_config config;
  config.guardrails.check_toxicity = config.guardrails.check_semantic = false;
  return config;
}

inline rails_config block_only(block_list_config list) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.block_list = std::move(list);
  return config;
}

inline check_report judge(const rails_config& config, std::string_view text) {
  return compile_rail(config, direction::text).judge(text, no_time).report;
}

/// The findings as `Label[quoted text]`, joined by `; `.
inline std::string shown(const check_report& report, std::string_view text) {
  std::string out;
  for (const auto& f : report.findings) {
    out.append(out.empty() ? "" : "; ").append(f.label).append("[");
    out.append(text.substr(f.span.begin, f.span.end - f.span.begin)).append("]");
  }
  return out;
}

/// The rows of a tab-separated table in tests/data; lines that start with `#` are comments.
inline std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream file{std::string{GUARDRAILS_SOURCE_DIR} + "/tests/data/" + name};
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#')
      continue;
    std::istringstream cells{line};
    auto& row = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, '\t');)
      row.push_back(cell);
  }
  return rows;
}

} // namespace guardrails::checks::testing
