// Registers a policy's patterns and searches with whatever engine stands behind them.
#include "checks/pattern_engine.hpp"

#include "checks/utf8.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

// Bytes that find_all looks at: so many times the text, and so many more.
constexpr std::size_t most_looks = 32;
constexpr std::size_t free_bytes = 64 << 10;

// A search begins with a window of this size, which grows by this factor until a match ends well within it.
constexpr std::size_t first_window = 256;
constexpr std::size_t window_growth = 16;
constexpr std::size_t longest_code_point = 4;

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

// What lies behind the window could make a match longer, never begin earlier; only a match that ends at the
// window's edge may go on behind it.
std::optional<match_range> policy_patterns::next_match(std::string_view text, pattern_id id, std::size_t from,
                                                       std::size_t& looked_at) const {
  for (auto window = first_window;; window *= window_growth) {
    const bool whole = window >= text.size() - from;
    const auto until = whole ? text.size() : from + window;
    looked_at += until - from;
    const auto found = engine_->next(text, id, from, until);
    if (whole || (found && found->end + longest_code_point <= until))
      return found;
  }
}

std::vector<match_range> policy_patterns::find_all(std::string_view text, pattern_id id,
                                                   const stop_function& stop) const {
  std::vector<match_range> matches;
  std::size_t looked_at = 0;
  for (std::size_t from = 0; from <= text.size();) {
    if (stop && stop())
      break;
    const auto found = next_match(text, id, from, looked_at);
    if (!found)
      break;
    if (matches.size() == most_matches || looked_at > most_looks * text.size() + free_bytes) {
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
