// Sorts the checks of a policy into those that can judge on the way and those that cannot, and asks the
// former.
#include "checks/streaming/stream_policy.hpp"

#include "checks/bounded_expression.hpp"
#include "checks/masking.hpp"
#include "checks/normalise.hpp"
#include "checks/recognisers/entity_search.hpp"
#include "checks/stream_patterns.hpp"
#include "checks/streaming/judged_windows.hpp"
#include "checks/streaming/open_links.hpp"
#include "checks/streaming/open_secrets.hpp"
#include "checks/streaming/settled_names.hpp"
#include "checks/tagger/tagger.hpp"
#include "checks/token_budget.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

// How far behind a place what stands there may be decided, in bytes of what a check reads.
constexpr std::size_t ahead_of_characters = 64;
constexpr std::size_t ahead_of_patterns = stream_patterns::widest + 64;
constexpr std::size_t ahead_of_secrets = 768; // a command line is looked through for its user
constexpr std::size_t ahead_of_links = 640;   // what goes on for longer is looked for (open_links.hpp)

std::uint64_t timeless() noexcept {
  return 0;
}

// Whether the tagger has a say in what personal data is looked for.
bool seeks_names(const pii_config& pii) {
  return pii.entity_types.empty() || std::ranges::any_of(all_recognisers(), [&](const recogniser& r) {
           return names(r, pii.entity_types) && tagger::entity_named(r.entity);
         });
}

// With the byte that an assertion looks at.
std::size_t ahead_of(std::span<const std::string> patterns) {
  std::size_t widest = 0;
  for (const auto& p : patterns)
    if (const auto parsed = parse_bounded(p, stream_patterns::widest); parsed.expression)
      widest = std::max(widest, parsed.expression->width);
  return widest + ahead_of_characters;
}

bool is_bounded(std::span<const std::string> patterns) {
  return std::ranges::all_of(patterns, [](const std::string& p) {
    return parse_bounded(p, stream_patterns::widest).expression.has_value();
  });
}

bool has_bounded_entities(const pii_config& pii) {
  return std::ranges::all_of(pii.custom_entities,
                             [](const auto& named) { return is_bounded(named.second.patterns); });
}

// Of an answer only these classes are asked.
bool content_class_blocks(const guardrails_config& g) {
  constexpr auto asked = std::to_array<std::string_view>({"hallucination", "malicious", "harmful"});
  return g.check_semantic &&
         (g.block_classes.empty() || std::ranges::any_of(g.block_classes, [&](const auto& c) {
            return std::ranges::find(asked, c) != asked.end();
          }));
}

bool reads_personal_data(const guardrails_config& g) {
  return g.pii.enabled && g.pii.output_checks;
}

bool reads_toxicity(const guardrails_config& g) {
  return g.check_toxicity && g.block_toxic && g.toxicity.engine == judge_engine::embedded;
}

bool acts(finding_action action) noexcept {
  return action == finding_action::block || action == finding_action::mask;
}

bool ban_list_acts(const guardrails_config& g) {
  return std::ranges::any_of(g.ban_list, [](const auto& list) { return acts(list.second.action); });
}

std::size_t longest_word(std::span<const std::string> words) {
  std::size_t longest = 0;
  for (const auto& w : words)
    longest = std::max(longest, w.size());
  return longest;
}

// Folding case may change how many bytes a letter takes.
std::size_t ahead_of_words(std::size_t longest) {
  return 2 * longest + ahead_of_characters;
}

/// A check with a streaming form that may mask or block, and how far ahead it looks.
struct streaming_check {
  std::string name;
  std::size_t look_ahead;
};

std::vector<streaming_check> streaming_checks(const guardrails_config& g) {
  std::vector<streaming_check> checks;
  if (reads_personal_data(g))
    checks.push_back({"pii", ahead_of_patterns});
  if (g.check_sensitive_data && g.block_sensitive_data)
    checks.push_back({"sensitive_data", ahead_of_secrets});
  if (g.block_list && acts(g.block_list->action))
    checks.push_back({"block_list", std::max(ahead_of(g.block_list->patterns),
                                             ahead_of_words(longest_word(g.block_list->words)))});
  if (ban_list_acts(g)) {
    std::size_t longest = 0;
    for (const auto& [name, list] : g.ban_list)
      longest = std::max(longest, longest_word(list.words));
    checks.push_back({"ban_list", ahead_of_words(longest)});
  }
  if (g.invisible_text && acts(g.invisible_text->action))
    checks.push_back({"invisible_text", ahead_of_characters});
  if (g.urls && acts(g.urls->action))
    checks.push_back({"urls", ahead_of_links});
  return checks;
}

// Other checks see one sign where there was a mask.
std::vector<finding> one_sign_each(std::span<const finding> findings) {
  std::vector<finding> marks;
  for (const auto& f : findings)
    if (f.replacement && (f.check == "pii" || f.check == "urls")) {
      auto& mark = marks.emplace_back();
      mark.span = f.span;
      mark.replacement = "\uFFFC";
    }
  return marks;
}

// The place that so many bytes follow; of white space, which phrases match any run of, one counts.
std::size_t place_before_last(std::string_view text, std::size_t bytes) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  auto at = text.size();
  for (std::size_t counted = 0; at > 0 && counted < bytes; --at)
    counted += at < text.size() && is_blank(text[at]) && is_blank(text[at - 1]) ? 0 : 1;
  return at;
}

} // namespace

std::vector<whole_answer_check> whole_answer_checks(const rails_config& config) {
  const auto& g = config.guardrails;
  std::vector<whole_answer_check> all;
  if (!g.output_checks)
    return all;
  if (reads_personal_data(g) && !has_bounded_entities(g.pii))
    all.push_back({"pii", "a pattern of its own entities may match any number of bytes"});
  if (g.check_toxicity && g.toxicity.engine != judge_engine::embedded)
    all.push_back({"toxicity", "a remote judge is asked once, about the whole", true});
  if (g.check_semantic && g.content_class.engine != judge_engine::embedded)
    all.push_back({"semantic_class", "a remote judge is asked once, about the whole", true});
  else if (content_class_blocks(g))
    all.push_back({"semantic_class", "what an answer does is told by all of it", true});
  if (!g.routes.empty())
    all.push_back({"routes", "nearness is that of the whole", true});
  if (g.check_sql_syntax)
    all.push_back({"sql_syntax", "a statement is parsed when it has ended", true});
  if (g.block_list && acts(g.block_list->action) && !is_bounded(g.block_list->patterns))
    all.push_back({"block_list", "a pattern may match any number of bytes"});
  if (g.languages)
    all.push_back({"languages", "shares of languages are those of the whole", true});
  if (g.output_json)
    all.push_back({"output_json", "a document is parsed when it has ended", true});
  if (g.data_exfiltration.enabled && g.data_exfiltration.output_checks)
    all.push_back({"data_exfiltration", "its points are added up over the whole", true});
  if (g.decode_runs)
    all.push_back({"decode_runs", "an encoded run is decoded when it has ended"});
  if (g.token_budget.enabled && token_budget{g}.withholds_answers())
    all.push_back({"token_budget", "what an answer used is known when it has ended", true});
  return all;
}

stream_policy::stream_policy(const rails_config& config, rail whole)
  : config_{config.guardrails}
  , whole_{std::move(whole)}
  , waiting_{whole_answer_checks(config)} {
  if (whole_.empty())
    return;
  holds_all_ = config_.streaming == stream_mode::buffer
                 ? !waiting_.empty()
                 : !std::ranges::all_of(waiting_, &whole_answer_check::may_trail);
  if (holds_all_)
    return;
  std::vector<std::string> names;
  for (auto& c : streaming_checks(config_)) {
    look_ahead_ = std::max(look_ahead_, c.look_ahead);
    seeks_secrets_ |= c.name == "sensitive_data";
    seeks_links_ |= c.name == "urls";
    names.push_back(std::move(c.name));
  }
  if (!names.empty())
    streaming_ = compile_rail(config, direction::output, names);
  if (reads_personal_data(config_) && seeks_names(config_.pii))
    names_ = tagger::embedded_model();
  asks_toxicity_ = reads_toxicity(config_);
}

bool stream_policy::trails(std::string_view check) const noexcept {
  return !holds_all_ && std::ranges::find(waiting_, check, &whole_answer_check::name) != waiting_.end();
}

std::string stream_policy::check_error_message() const {
  std::string sentence{config_.messages.text("check_error")};
  const auto suffix = config_.messages.text("output_suffix");
  return suffix.empty() ? sentence : sentence.append(" ").append(suffix);
}

stream_policy::look stream_policy::look_at(std::string_view text, const stop_function& stop) const {
  look known;
  if (streaming_) {
    auto report = streaming_->judge(text, &timeless, stop).report;
    if (!report.errors.empty() || (stop && stop()))
      return known;
    std::ranges::copy_if(report.findings, std::back_inserter(known.findings),
                         [](const finding& f) { return f.replacement || f.action == finding_action::block; });
  }
  known.settled = text.size();
  settle(text, known);
  return known;
}

// In every form that a check reads.
void stream_policy::settle(std::string_view text, look& known) const {
  const auto as_written = [](std::size_t place) { return place; };
  settle_form(text, as_written, known);
  const auto plain = normalise(text);
  const auto from_plain = [&](std::size_t place) {
    return place < plain.text().size() ? plain.to_original({place, place + 1}).begin : text.size();
  };
  if (plain.changed())
    settle_form(plain.text(), from_plain, known);
  const auto marks = one_sign_each(known.findings);
  if (marks.empty())
    return settle_windows(plain.text(), from_plain, known);
  const masked_text masked{text, marks};
  const auto rest = normalise(masked.text());
  const auto from_rest = [&](std::size_t place) -> std::size_t {
    if (place >= rest.text().size())
      return text.size();
    const auto where = rest.to_original({place, place + 1});
    return masked.original({where.begin, where.end}).begin;
  };
  settle_form(rest.text(), from_rest, known);
  settle_windows(rest.text(), from_rest, known);
}

void stream_policy::settle_form(std::string_view text,
                                const std::function<std::size_t(std::size_t)>& original, look& known) const {
  auto settled = place_before_last(text, look_ahead_);
  if (seeks_secrets_)
    settled = std::min(settled, streaming::first_open_secret(text));
  if (seeks_links_)
    settled = std::min(settled, streaming::first_open_link(text));
  if (names_)
    settled = std::min(settled, streaming::settled_names(text, *names_));
  known.settled = std::min(known.settled, original(settled));
}

void stream_policy::settle_windows(std::string_view normalised,
                                   const std::function<std::size_t(std::size_t)>& original,
                                   look& known) const {
  known.fails = std::ranges::any_of(known.findings, [&](const finding& f) {
    return f.action == finding_action::block && f.span.end <= known.settled;
  });
  if (!asks_toxicity_)
    return;
  const auto windows = streaming::judge_windows(normalised, whole_.heads(), models::head::toxicity);
  if (windows.greatest >= 0.5F && static_cast<double>(windows.greatest) > config_.toxicity_threshold) {
    known.stop = original(windows.begin);
    known.fails |= original(windows.end) <= known.settled;
  }
  known.settled = std::min(known.settled, original(windows.settled));
}

} // namespace guardrails::checks
