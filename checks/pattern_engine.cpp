// Registers a policy's patterns and searches with whatever engine stands behind them.
#include "checks/pattern_engine.hpp"

#include "checks/utf8.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

constexpr std::size_t least_matches = 32;
constexpr std::size_t free_bytes = 1u << 20;

} // namespace

pattern_id policy_patterns::add(pattern p) {
  if (p.origin == pattern_origin::user) {
    if (++user_patterns_ > max_patterns)
      throw config_error({}, p.key_path, "more than " + std::to_string(max_patterns) + " patterns");
    if (p.expression.size() > max_expression_bytes)
      throw config_error({}, p.key_path,
                         "a pattern of more than " + std::to_string(max_expression_bytes) + " bytes");
  }
  // Checks may share a pattern of ours.
  for (std::size_t i = 0; p.origin == pattern_origin::built_in && i < patterns_.size(); ++i)
    if (patterns_[i].origin == p.origin && patterns_[i].expression == p.expression)
      return static_cast<pattern_id>(i);
  patterns_.push_back(std::move(p));
  return static_cast<pattern_id>(patterns_.size() - 1);
}

void policy_patterns::compile() {
  engine_ = compile_re2(patterns_);
}

pattern_hits policy_patterns::scan(std::string_view text) const {
  pattern_hits hits{patterns_.size()};
  engine_->scan(text, hits);
  return hits;
}

std::size_t policy_patterns::match_limit(std::size_t text_bytes) noexcept {
  return std::max(least_matches, free_bytes / std::max<std::size_t>(text_bytes, 1));
}

std::vector<match_range> policy_patterns::find_all(std::string_view text, pattern_id id,
                                                   const stop_function& stop) const {
  std::vector<match_range> matches;
  auto searches_left = match_limit(text.size());
  for (std::size_t from = 0; from <= text.size();) {
    if (stop && stop())
      break;
    const auto found = engine_->next(text, id, from);
    if (!found)
      break;
    if (searches_left-- == 0) {
      // The rest is not searched, so it cannot be called clean.
      if (found->begin < text.size())
        matches.push_back({found->begin, text.size()});
      break;
    }
    if (found->begin != found->end)
      matches.push_back(*found);
    from = found->begin != found->end ? found->end : next_boundary(text, found->end + 1);
    if (found->begin == found->end && found->end >= text.size())
      break;
  }
  return matches;
}

} // namespace guardrails::checks
