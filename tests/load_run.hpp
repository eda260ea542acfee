// `guardrails load` as a child process, and its report.
#pragma once

#include "tests/child_process.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace guardrails::test {

inline constexpr const char* load_program = GUARDRAILS_BINARY_DIR "/apps/guardrails";

/// A run's exit code and report.
struct finished_load {
  int code = 0;
  boost::json::value report;

  std::int64_t at(std::initializer_list<const char*> path) const {
    const boost::json::value* value = &report;
    for (const auto* key : path) {
      value = value->as_object().if_contains(key);
      if (!value)
        return 0;
    }
    return value->to_number<std::int64_t>();
  }

  double ms(const char* times, const char* quantile) const {
    return report.at(times).at(quantile).to_number<double>();
  }

  bool adds_up() const {
    return at({"requests", "sent"}) + at({"requests", "not_sent"}) == at({"requests", "intended"}) &&
           at({"requests", "answered"}) + at({"requests", "failed"}) == at({"requests", "intended"});
  }
};

inline finished_load finish(child_process& child) {
  const auto code = child.wait(std::chrono::seconds{60});
  return {code, boost::json::parse(child.output())};
}

inline finished_load load(const std::string& url, std::vector<std::string> options) {
  options.insert(options.begin(), {"load", url, "--json"});
  child_process child{load_program, std::move(options)};
  return finish(child);
}

} // namespace guardrails::test
