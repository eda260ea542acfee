// What is counted of single checks: time, findings, failures. The sets of labels are fixed: whatever a
// configuration or a text holds, there are no more series.
#pragma once

#include "apps/gateway/histogram.hpp"

#include <guardrails/generation.hpp>

#include <boost/describe/enum.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace guardrails::gateway {

/// What a text was judged as.
enum class judged_as : std::uint8_t { input, output, text };
BOOST_DESCRIBE_ENUM(judged_as, input, output, text)

/// Thread-safe, without a lock.
class check_metrics {
public:
  void judged(judged_as what, const check_report& report) noexcept;

  void append_to(std::string& out) const;

private:
  /// Names in reports: the checks, and what they share. Others, should there be any, count as the last.
  static constexpr std::array<std::string_view, 17> names{
    "pii",         "toxicity",          "sensitive_data", "semantic_class", "routes", "off_topic",
    "sql_syntax",  "block_list",        "ban_list",       "invisible_text", "urls",   "languages",
    "output_json", "data_exfiltration", "patterns",       "heads",          "other"};
  static constexpr std::size_t rails = static_cast<std::size_t>(judged_as::text) + 1;
  static constexpr std::size_t actions = static_cast<std::size_t>(finding_action::block) + 1;

  template <class T>
  using per_check = std::array<T, names.size()>;

  static std::size_t index_of(std::string_view check) noexcept;
  void append_times(std::string& out) const;
  void append_findings(std::string& out) const;
  void append_failures(std::string& out) const;

  std::array<per_check<histogram<check_bounds>>, rails> times_{};
  per_check<std::array<std::atomic<std::uint64_t>, actions>> findings_{};
  per_check<std::atomic<std::uint64_t>> failures_{};
};

} // namespace guardrails::gateway
