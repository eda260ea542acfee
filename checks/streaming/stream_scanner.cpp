// Looks at the text so far whenever it has grown by a part of itself, and releases what is settled.
#include "checks/streaming/stream_scanner.hpp"

#include "checks/masking.hpp"
#include "checks/utf8.hpp"

#include <guardrails/ascii.hpp>
#include <guardrails/utf8.hpp>

#include <algorithm>

namespace guardrails::checks {

namespace {

// Looking at all there is each time costs about this many times as much as looking once.
constexpr std::size_t looks_at_a_byte = 16;
constexpr std::size_t least_growth = 128;

// A place among digits is one where numbers do not seem to end.
constexpr std::size_t longest_table = 2'048;

constexpr std::size_t longest_sequence = 4; // of UTF-8

std::size_t growth(std::size_t size) noexcept {
  return std::max(least_growth, size / looks_at_a_byte);
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Scripts that set words side by side: kana, ideographs, Hangul.
bool is_ideographic(char32_t c) noexcept {
  return (c >= 0x3041 && c <= 0x9FFF && c != 0x3099 && c != 0x309A) || (c >= 0xAC00 && c <= 0xD7A3);
}

bool is_among_digits(std::string_view text, std::size_t at) noexcept {
  if (is_digit(text[at]))
    return true;
  while (at > 0 && is_blank(text[at - 1]))
    --at;
  return at > 0 && is_digit(text[at - 1]);
}

/// Whether a text may be cut before `at`.
bool is_gap(std::string_view text, std::size_t at, bool also_among_digits) {
  if (is_blank(text[at - 1]))
    return !is_blank(text[at]) && (also_among_digits || !is_among_digits(text, at));
  return is_ideographic(decode_before(text, at).value) && is_ideographic(decode_at(text, at).value);
}

/// The last place in (`begin`, `limit`] where the text may be cut, or `begin`.
std::size_t last_gap(std::string_view text, std::size_t begin, std::size_t limit) {
  const auto from = std::min(limit, text.size() - 1);
  for (auto at = from; at > begin; --at)
    if (is_gap(text, at, false))
      return at;
  for (auto at = limit - begin > longest_table ? from : begin; at > begin; --at)
    if (is_gap(text, at, true))
      return at;
  return begin;
}

/// The end of what can be shown: a gap outside of what is masked and before all that blocks.
std::size_t end_of_release(std::string_view text, std::size_t begin, std::size_t limit,
                           std::span<const finding> findings) {
  for (const auto& f : findings)
    if (f.action == finding_action::block)
      limit = std::min<std::size_t>(limit, f.span.begin);
  const auto stretches = masked_stretches(text.size(), 0, findings);
  while (limit > begin) {
    const auto end = last_gap(text, begin, limit);
    const auto over =
      std::ranges::find_if(stretches, [&](const masked_stretch& s) { return s.begin < end && end < s.end; });
    if (over == stretches.end())
      return end;
    limit = over->begin;
  }
  return begin;
}

} // namespace

stream_scanner::stream_scanner(const stream_policy& policy, const masked_values& values)
  : policy_{&policy}
  , values_{&values}
  , unmasking_{values}
  , next_look_{growth(0)} {}

std::string stream_scanner::feed(std::string_view piece, const stop_function& stop) {
  return take(piece) ? look(stop) : std::string{};
}

bool stream_scanner::take(std::string_view piece) {
  too_long_ |= piece.size() > most_bytes - text_.size();
  if (too_long_)
    return false;
  text_.append(piece);
  return is_due() && !policy_->holds_all();
}

std::string stream_scanner::look(const stop_function& stop) {
  next_look_ = text_.size() + growth(text_.size());
  std::string_view text{text_};
  if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    broken_ = text.size() - bad >= longest_sequence; // else its last character is on its way
    text = text.substr(0, bad);
  }
  if (broken_ || text.size() <= released_)
    return {};
  const auto known = policy_->look_at(text, stop);
  stop_ = std::min(stop_, known.stop.value_or(stop_));
  fails_ |= known.fails;
  const auto end =
    end_of_release(text, released_, std::min({known.settled, stop_, text.size()}), known.findings);
  return end > released_ ? show(known.findings, end) : std::string{};
}

std::string stream_scanner::show(std::span<const finding> findings, std::size_t end) {
  const std::string_view text{text_};
  std::string out;
  for (const auto& s : masked_stretches(text.size(), 0, findings)) {
    if (s.end <= released_ || s.begin >= end)
      continue;
    out.append(unmasking_.feed(text.substr(released_, std::max(s.begin, released_) - released_)));
    out.append(unmasking_.finish()).append(*findings[s.findings.front()].replacement);
    released_ = s.end;
  }
  out.append(unmasking_.feed(text.substr(released_, end - released_)));
  released_ = end;
  shown_.append(out);
  return out;
}

judgement stream_scanner::finish(clock_function now, const stop_function& stop) const {
  if (!too_long_)
    return policy_->whole().judge(text_, now, stop);
  judgement verdict;
  fail(verdict, "too_long", "The answer is longer than " + std::to_string(most_bytes) + " bytes.");
  return verdict;
}

std::string stream_scanner::conclude(judgement& verdict) {
  if (too_long_)
    return {};
  auto findings = verdict.report.findings;
  std::erase_if(findings, [this](const finding& f) { return policy_->trails(f.check); });
  const auto shown = unmask_between(text_, findings, *values_);
  if (!agrees(verdict, findings, shown)) {
    fail(verdict, "released", "What was released is not how the whole answer was judged.");
    return {};
  }
  if (!verdict.report.passed)
    return {};
  auto rest = shown.substr(shown_.size());
  shown_ = shown;
  released_ = text_.size();
  return rest;
}

// An answer that a check could not judge has not all its findings.
bool stream_scanner::agrees(const judgement& verdict, std::span<const finding> findings,
                            const std::string& shown) const {
  if (!verdict.report.errors.empty() && !verdict.report.passed)
    return true;
  const auto blocks_before = [this](const finding& f) {
    return f.action == finding_action::block && f.span.begin < released_;
  };
  return shown.starts_with(shown_) && std::ranges::none_of(findings, blocks_before) &&
         !(fails_ && verdict.report.passed);
}

void stream_scanner::fail(judgement& verdict, std::string kind, std::string message) const {
  verdict.report.errors.push_back({"streaming", std::move(kind), std::move(message)});
  verdict.report.passed = false;
  verdict.report.message = policy_->check_error_message();
  verdict.check_error = true;
}

} // namespace guardrails::checks
