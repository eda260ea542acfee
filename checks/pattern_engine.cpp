// Registers a policy's patterns and searches with whatever engine stands behind them.
#include "checks/pattern_engine.hpp"

#include "checks/byte_class.hpp"
#include "checks/candidate_finder.hpp"
#include "checks/utf8.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

// Bytes that find_all looks at by searches of all of the rest, at most.
constexpr std::size_t whole_bytes = 8 << 20;

// Afterwards a search begins with a window of this size, which grows by this factor until a match ends well
// within it. The first window costs nothing: the number of matches bounds it.
constexpr std::size_t first_window = 1 << 10;
constexpr std::size_t window_growth = 16;

// Bytes that larger windows look at: so many times the text, and so many more.
constexpr std::size_t most_looks = 32;
constexpr std::size_t free_bytes = 64 << 10;

// Empty matches are not counted as matches, so each counts as so many bytes.
constexpr std::size_t cost_of_empty_match = 32;
constexpr std::size_t longest_code_point = 4;

// Candidates of the located patterns that are kept for the checks to share: one for so many bytes and so many
// more, up to a limit.
constexpr std::size_t bytes_a_candidate = 2;
constexpr std::size_t least_candidates = 64;
constexpr std::size_t most_candidates = 1 << 20;
constexpr std::size_t usual_candidates = 32; // room that is made for the first one

std::size_t kept_candidates(std::size_t text_bytes) {
  return std::min(least_candidates + text_bytes / bytes_a_candidate, most_candidates);
}

} // namespace

struct policy_patterns::search_budget {
  std::size_t whole = whole_bytes;
  std::size_t windows;

  explicit search_budget(std::size_t text_bytes)
    : windows{most_looks * text_bytes + free_bytes} {}

  void spend(std::size_t bytes) { windows -= std::min(bytes, windows); }
};

policy_patterns::policy_patterns() = default;
policy_patterns::~policy_patterns() = default;
policy_patterns::policy_patterns(policy_patterns&&) noexcept = default;
policy_patterns& policy_patterns::operator=(policy_patterns&&) noexcept = default;

pattern_id policy_patterns::add(pattern p) {
  if (p.origin == pattern_origin::user) {
    if (++user_patterns_ > max_patterns)
      throw config_error({}, p.key_path, "more than " + std::to_string(max_patterns) + " patterns");
    if (p.expression.size() > max_expression_bytes)
      throw config_error({}, p.key_path,
                         "a pattern of more than " + std::to_string(max_expression_bytes) + " bytes");
    if (has_byte_class(p.expression))
      throw config_error({}, p.key_path, "has \\C, which matches parts of characters");
  }
  // Checks may share a pattern of ours.
  for (std::size_t i = 0; p.origin == pattern_origin::built_in && i < patterns_.size(); ++i)
    if (patterns_[i].origin == p.origin && patterns_[i].expression == p.expression)
      return static_cast<pattern_id>(i);
  const auto id = static_cast<pattern_id>(patterns_.size());
  if (p.origin == pattern_origin::built_in)
    if (auto expression = candidate_finder::takes(p.expression)) {
      findable_.push_back({std::move(*expression), id});
      p.gated = false;
    }
  patterns_.push_back(std::move(p));
  return id;
}

void policy_patterns::compile() {
  engine_ = compile_re2(patterns_);
  always_ = pattern_hits{patterns_.size()};
  for (pattern_id id = 0; id < patterns_.size(); ++id)
    if (is_located(id))
      always_.add(id);
  if (!findable_.empty())
    finder_ = std::make_unique<const candidate_finder>(std::move(findable_));
}

pattern_hits policy_patterns::scan(std::string_view text) const {
  auto hits = always_;
  engine_->scan(text, hits);
  if (!finder_)
    return hits;
  auto& located = hits.located.emplace();
  finder_->for_each(text, [&, most = kept_candidates(text.size())](const located_candidate& found) {
    if (located.empty())
      located.reserve(usual_candidates);
    if (located.size() == most)
      hits.located.reset();
    else
      located.push_back(found);
    return hits.located.has_value();
  });
  return hits;
}

// `seen` are the kept candidates that lie before.
std::optional<match_range> policy_patterns::next_candidate(const scanned_text& scanned, pattern_id id,
                                                           std::size_t from, std::size_t& seen) const {
  if (!is_located(id) || !scanned.hits.located)
    return engine_->next(scanned.text, id, from, scanned.text.size());
  for (const auto& located = *scanned.hits.located; seen < located.size(); ++seen) {
    const auto& pattern = (*finder_)[located[seen].index];
    if (pattern.id != id || located[seen].where.begin < from)
      continue;
    if (const auto where = confirmed(scanned.text, pattern, located[seen].where))
      return where;
  }
  return std::nullopt;
}

void policy_patterns::for_each_located(
  const scanned_text& scanned, const std::function<search_step(pattern_id, match_range)>& verify) const {
  if (!finder_)
    return;
  std::vector<std::size_t> resume; // by the finder's index
  std::size_t candidates = 0;
  const auto look_at = [&](const located_candidate& found) {
    resume.resize(finder_->size());
    if (found.where.begin < resume[found.index])
      return true;
    if (scanned.stop && candidates++ % candidates_between_stops == 0 && scanned.stop())
      return false;
    const auto& pattern = (*finder_)[found.index];
    const auto where = confirmed(scanned.text, pattern, found.where);
    if (!where)
      return true;
    const auto step = verify(pattern.id, *where);
    resume[found.index] = std::max(step.resume, where->begin + 1);
    return true;
  };
  if (!scanned.hits.located)
    return finder_->for_each(scanned.text, look_at);
  for (const auto& found : *scanned.hits.located)
    if (!look_at(found))
      return;
}

// What RE2 makes of a match, if the finder is not sure of it. It can be no longer than the expression's
// width.
std::optional<match_range> policy_patterns::confirmed(std::string_view text, const findable_pattern& pattern,
                                                      match_range where) const {
  if (pattern.expression.exact)
    return where;
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(text.substr(where.begin, where.end - where.begin), is_ascii))
    return where;
  const auto until = std::min(where.begin + pattern.expression.width, text.size());
  const auto found = engine_->next(text, pattern.id, where.begin, until);
  return found && found->begin == where.begin ? found : std::nullopt;
}

// Only a search of all of the rest is sure to find what RE2 finds: what lies behind a window may complete a
// match that begins earlier or goes before. It is too dear to be made for every match of a long text.
std::optional<match_range> policy_patterns::next_match(std::string_view text, pattern_id id, std::size_t from,
                                                       search_budget& budget) const {
  const auto rest = text.size() - from;
  if (rest <= budget.whole) {
    budget.whole -= rest;
    return engine_->next(text, id, from, text.size());
  }
  for (auto window = first_window;; window *= window_growth) {
    const bool whole = window >= rest;
    const auto until = whole ? text.size() : from + window;
    if (window > first_window)
      budget.spend(until - from);
    const auto found = engine_->next(text, id, from, until);
    if (whole || (found && found->end + longest_code_point <= until))
      return found;
  }
}

pattern_matches policy_patterns::matches(std::string_view text, pattern_id id,
                                         const stop_function& stop) const {
  pattern_matches all;
  search_budget budget{text.size()};
  for (std::size_t from = 0; from <= text.size();) {
    if (stop && stop())
      break;
    const auto found = next_match(text, id, from, budget);
    if (!found)
      break;
    if (all.found.size() == most_matches || budget.windows == 0) {
      // The rest is not searched, so it cannot be called clean.
      if (found->begin < text.size())
        all.rest = match_range{found->begin, text.size()};
      break;
    }
    if (found->begin != found->end) {
      all.found.push_back(*found);
      from = found->end;
    } else if (found->end < text.size()) {
      budget.spend(cost_of_empty_match);
      from = next_boundary(text, found->end + 1);
    } else {
      break;
    }
  }
  return all;
}

std::vector<match_range> policy_patterns::find_all(std::string_view text, pattern_id id,
                                                   const stop_function& stop) const {
  auto [found, rest] = matches(text, id, stop);
  if (rest)
    found.push_back(*rest);
  return found;
}

} // namespace guardrails::checks
