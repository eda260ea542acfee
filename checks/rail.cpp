// Runs the checks over one text and sums up what they said.
#include "checks/rail.hpp"

#include "checks/encoded_runs.hpp"
#include "checks/judges/remote_check.hpp"
#include "checks/models/stoppable_score.hpp"
#include "checks/normalise.hpp"
#include "checks/second_reading.hpp"

#include <guardrails/utf8.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace guardrails::checks {

namespace {

constexpr std::string_view exception_message = "The check failed internally.";

// For judgements whose latencies nobody reads.
std::uint64_t timeless() noexcept {
  return 0;
}

/// Encodings within each other that are undone.
unsigned encodings(const guardrails_config& config) noexcept {
  return config.decode_runs ? 2 : 0;
}

double microseconds(std::uint64_t begin, std::uint64_t end) {
  return static_cast<double>(end - std::min(begin, end)) / 1000.0;
}

/// One text in the forms that checks read, and which of the policy's patterns occur in each.
struct prepared_text {
  std::string_view original;
  normalised_text normalised;
  std::optional<pattern_hits> hits;
  std::optional<pattern_hits> normalised_hits;  // where that form is another one
  std::optional<models::head_scores> heads;     // of the normalised form, once they are asked
  std::unique_ptr<struct decoded_text> decoded; // where the policy asks for it and something is encoded

  bool disguised() const noexcept { return normalised.changed(); }
};

/// What a text is prepared for.
struct preparation {
  const policy_patterns* patterns;
  unsigned encodings; ///< within each other
};

prepared_text prepare(std::string_view text, const preparation& wanted);

/// What is encoded in the normalised form, in plain.
struct decoded_text {
  decoded_text(normalised_text in_plain, const preparation& wanted)
    : plain{std::move(in_plain)}
    , prepared{prepare(plain.text(), wanted)} {}

  normalised_text plain;
  prepared_text prepared;
};

prepared_text prepare(std::string_view text, const preparation& wanted) {
  prepared_text prepared{text, normalise(text), std::nullopt, std::nullopt, std::nullopt, nullptr};
  if (wanted.patterns)
    prepared.hits = wanted.patterns->scan(text);
  if (wanted.patterns && prepared.disguised())
    prepared.normalised_hits = wanted.patterns->scan(prepared.normalised.text());
  if (wanted.encodings == 0)
    return prepared;
  if (auto plain = decode_runs(prepared.normalised.text()); plain.changed())
    prepared.decoded =
      std::make_unique<decoded_text>(std::move(plain), preparation{wanted.patterns, wanted.encodings - 1});
  return prepared;
}

/// Asks the heads about a text and about what is encoded in it.
void ask_heads(prepared_text& prepared, const models::head_model& heads, const stop_function& stop) {
  prepared.heads = models::score_until(prepared.normalised.text(), heads, stop);
  if (prepared.decoded)
    ask_heads(prepared.decoded->prepared, heads, stop);
}

void take_back(std::span<finding> findings, const normalised_text& text) {
  for (auto& f : findings) {
    const auto where = text.to_original({f.span.begin, f.span.end});
    f.span = {where.begin, where.end};
  }
}

/// What one judgement has in common, whatever the form of the text.
struct judging {
  direction facing;
  const stop_function& stop;
};

bool judge_form(const check& c, std::string_view text, const std::optional<pattern_hits>& hits,
                const judging& how, check_report& report, const models::head_scores* heads = nullptr) {
  return hits ? c.judge_scanned({text, *hits, how.stop, how.facing, heads}, report) : c.judge(text, report);
}

// Lets a check judge the forms it reads of a text as it stands.
bool judge_encoded(const check& c, const prepared_text& prepared, const judging& how, check_report& report) {
  const auto form = c.reads();
  const auto* heads = prepared.heads ? &*prepared.heads : nullptr;
  if (form == text_form::original || !prepared.disguised())
    return judge_form(c, prepared.original, prepared.hits, how, report, heads);
  const auto before = report.findings.size();
  const auto passes = judge_form(c, prepared.normalised.text(), prepared.normalised_hits, how, report, heads);
  take_back(std::span{report.findings}.subspan(before), prepared.normalised);
  if (form != text_form::both)
    return passes;
  check_report second;
  const auto second_passes = judge_form(c, prepared.original, prepared.hits, how, second);
  add_second_reading(report, before, std::move(second), passes && !second_passes);
  return passes && second_passes;
}

// Checks that look for things, and those that ask the heads, read what is encoded too.
bool reads_decoded(const check& c) noexcept {
  return c.reads() == text_form::both || c.asks_heads();
}

// The same, and what is encoded in it too; the findings' spans count bytes of the original.
bool judge_one(const check& c, const prepared_text& prepared, const judging& how, check_report& report) {
  const auto before = report.findings.size();
  const auto passes = judge_encoded(c, prepared, how, report);
  if (!prepared.decoded || !reads_decoded(c) || (how.stop && how.stop()))
    return passes;
  check_report second;
  const auto second_passes = judge_one(c, prepared.decoded->prepared, how, second);
  take_back(second.findings, prepared.decoded->plain);
  take_back(second.findings, prepared.normalised);
  add_second_reading(report, before, std::move(second), passes && !second_passes);
  return passes && second_passes;
}

// A mask says what it hides, which is not what anybody wrote: the other checks see one sign without a meaning
// (U+FFFC, object replacement character) instead.
std::vector<finding> stand_ins(std::span<const finding> findings) {
  std::vector<finding> marks;
  for (const auto& f : findings)
    if (f.replacement) {
      auto& mark = marks.emplace_back();
      mark.span = f.span;
      mark.replacement = "\uFFFC";
    }
  return marks;
}

} // namespace

struct rail::outcome {
  std::string_view first_failed_key; // of the first check that failed by its verdict, in order of precedence
  std::size_t first_failed = 0;      // its place in that order
  bool failure_blocks = false;       // a check could not judge, and that is not allowed
};

rail::rail(std::vector<std::unique_ptr<const check>> checks, direction dir, const rails_config& config,
           std::shared_ptr<const policy_patterns> patterns, models::head_model heads)
  : patterns_{std::move(patterns)}
  , direction_{dir}
  , config_{config.guardrails}
  , heads_{std::move(heads)} {
  checks_.assign(std::make_move_iterator(checks.begin()), std::make_move_iterator(checks.end()));
}

rail rail::facing(direction dir) const {
  auto other = *this;
  other.direction_ = dir;
  return other;
}

rail rail::masking() const {
  auto other = *this;
  std::erase_if(other.checks_, [](const auto& c) { return !c->masks(); });
  return other;
}

rail rail::masking_first() const {
  auto other = masking();
  std::erase_if(other.checks_, [](const auto& c) { return !c->masks_first(); });
  return other;
}

rail rail::judging_tool_results() const {
  auto other = facing(direction::text);
  std::erase_if(other.checks_, [](const auto& c) { return !c->judges_tool_results(); });
  return other;
}

rail rail::judging_calls() const {
  auto other = *this;
  std::erase_if(other.checks_, [](const auto& c) { return c->name() == "output_json"; });
  return other;
}

bool rail::asks_heads() const noexcept {
  return std::ranges::any_of(checks_, [this](const auto& c) { return runs(*c) && c->asks_heads(); });
}

bool rail::asks_judges() const noexcept {
  return std::ranges::any_of(checks_, [this](const auto& c) { return runs(*c) && c->remote(); });
}

bool rail::empty() const noexcept {
  return std::ranges::none_of(checks_, [this](const auto& c) { return runs(*c); });
}

std::vector<finding> rail::find_masks(std::string_view text, const stop_function& stop) const {
  auto report = judge(text, &timeless, stop).report;
  if (!report.errors.empty())
    throw std::runtime_error{"a check could not mask a text"};
  return std::move(report.findings);
}

bool rail::fails_open(std::string_view check_name) const {
  const auto named = config_.on_error_by_check.find(std::string{check_name});
  const auto action = named != config_.on_error_by_check.end() ? named->second : config_.on_error;
  return action == on_error_action::allow;
}

void rail::refuse_invalid(std::size_t position, outcome& result, check_report& report) const {
  for (const auto& c : checks_) {
    if (!runs(*c))
      continue;
    report.errors.push_back({std::string{c->name()}, "invalid_utf8",
                             "The text is not valid UTF-8 at byte " + std::to_string(position) + "."});
    result.failure_blocks |= !fails_open(c->name());
  }
}

std::string rail::message(const outcome& result) const {
  if (result.first_failed_key.empty() && !result.failure_blocks)
    return std::string{config_.messages.text("passed")};
  std::string sentence{
    config_.messages.text(result.first_failed_key.empty() ? "check_error" : result.first_failed_key)};
  if (direction_ == direction::text)
    return sentence;
  const auto suffix =
    config_.messages.text(direction_ == direction::input ? "input_suffix" : "output_suffix");
  return suffix.empty() ? sentence : sentence.append(" ").append(suffix);
}

// One judgement of one text, in two passes: what masks first sees the text itself, everything else what is
// left of it. The places that the second pass finds in a masked text are led back to the original's.
struct rail::run {
  const rail& checks;
  clock_function now;
  const stop_function& stop;
  outcome& result;
  check_report& report;
  std::optional<open_questions>& open;
  std::uint64_t begin = 0;

  void all(std::string_view text) {
    if (stop && stop())
      return;
    begin = now();
    auto prepared = prepare_text(text);
    if (!prepared)
      return;
    pass(*prepared, true);
    if (checks.asks_judges() && report.errors.empty()) { // else personal data may not have been masked
      open.emplace().text = apply_replacements(text, 0, report.findings);
      open->judged_bytes = text.size();
    }
    if (std::ranges::none_of(report.findings, [](const finding& f) { return f.replacement.has_value(); }))
      return last_pass(*prepared);
    const masked_text masked{text, stand_ins(report.findings)};
    const auto own = report.findings.size();
    prepared = prepare_text(masked.text());
    if (!prepared)
      return open.reset(); // the remote checks have failed with the others
    last_pass(*prepared);
    for (auto& f : std::span{report.findings}.subspan(own))
      f.span = masked.original(f.span);
  }

  // Nothing when it failed: then every check has.
  std::optional<prepared_text> prepare_text(std::string_view text) {
    try {
      auto prepared = prepare(text, {checks.patterns_.get(), encodings(checks.config_)});
      lap("patterns");
      return prepared;
    } catch (...) {
      checks.fail_all(result, report);
      return std::nullopt;
    }
  }

  // The heads are asked here and not before: about a text once, as all that is downstream of masks sees it.
  void last_pass(prepared_text& prepared) {
    if (checks.asks_heads()) {
      ask_heads(prepared, checks.heads_, stop);
      lap("heads");
    }
    pass(prepared, false);
  }

  void pass(const prepared_text& prepared, bool first) {
    for (std::size_t i = 0; i < checks.checks_.size(); ++i) {
      const auto& c = checks.checks_[i];
      if (!checks.runs(*c) || c->masks_first() != first)
        continue;
      if (stop && stop())
        return;
      if (const auto* remote = c->remote()) {
        ask_later(*remote);
        continue;
      }
      try {
        if (!judge_one(*c, prepared, {checks.direction_, stop}, report) && result.first_failed_key.empty()) {
          result.first_failed_key = c->failed_key(report);
          result.first_failed = i;
        }
      } catch (...) {
        checks.fail(*c, result, report);
      }
      lap(c->name());
    }
  }

  void ask_later(const remote_check& remote) {
    if (open)
      open->subjects.push_back(remote.subject());
    else
      checks.fail(remote, result, report);
  }

  void lap(std::string_view what) {
    const auto end = now();
    report.latency_us[std::string{what}] += microseconds(begin, end);
    begin = end;
  }
};

void rail::fail_all(outcome& result, check_report& report) const {
  for (const auto& c : checks_)
    if (runs(*c))
      fail(*c, result, report);
}

void rail::fail(const check& c, outcome& result, check_report& report) const {
  report.errors.push_back({std::string{c.name()}, "exception", std::string{exception_message}});
  result.failure_blocks |= !fails_open(c.name());
}

void rail::conclude(const outcome& result, judgement& verdict) const {
  auto& report = verdict.report;
  report.passed = result.first_failed_key.empty() && !result.failure_blocks;
  report.message = message(result);
  verdict.check_error = result.first_failed_key.empty() && result.failure_blocks;
}

judgement rail::judge(std::string_view text, clock_function now, const stop_function& stop) const {
  judgement verdict;
  auto& report = verdict.report;
  outcome result;
  if (const auto position = find_invalid_utf8(text); position != std::string_view::npos) {
    refuse_invalid(position, result, report);
  } else if (!empty()) {
    run{*this, now, stop, result, report, verdict.open}.all(text);
  }
  if (auto& open = verdict.open) {
    open->first_failed_key = result.first_failed_key;
    open->first_failed = result.first_failed;
    open->failure_blocks = std::exchange(result.failure_blocks, true);
  }
  conclude(result, verdict);
  verdict.broken_off = stop && stop();
  return verdict;
}

void rail::settle(judgement& verdict, std::span<const judge_answer> answers) const {
  const auto open = std::exchange(verdict.open, std::nullopt);
  if (!open)
    return;
  auto& report = verdict.report;
  outcome result{open->first_failed_key, open->first_failed, open->failure_blocks};
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    const auto& c = *checks_[i];
    const auto* remote = c.remote();
    if (!remote || !runs(c))
      continue;
    const auto said = std::ranges::find(answers, remote->subject(), &judge_answer::subject);
    if (said != answers.end())
      report.latency_us[std::string{c.name()}] = static_cast<double>(said->microseconds);
    if (said == answers.end() || !said->verdict) {
      const auto failure =
        said == answers.end() ? judge_failure{"judge_lost", "Nobody could ask the judge."} : said->failure;
      report.errors.push_back({std::string{c.name()}, failure.kind, failure.message});
      result.failure_blocks |= !fails_open(c.name());
    } else if (!remote->settle(*said->verdict, open->judged_bytes, report) &&
               (result.first_failed_key.empty() || i < result.first_failed)) {
      result.first_failed_key = c.failed_key(report);
      result.first_failed = i;
    }
  }
  conclude(result, verdict);
}

} // namespace guardrails::checks
