// Looks at the words before a verb, and at those around a quotation.
#include "checks/semantic/mentions.hpp"

#include "checks/secrets/ascii.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace guardrails::checks::semantic {

namespace {

constexpr std::size_t longest_clause = 160; // before a verb
constexpr std::size_t longest_quotation = 600;
constexpr std::size_t longest_code = 4'000;
constexpr std::size_t nearby_bytes = 200; // around a quotation
constexpr std::size_t most_quotations = 64;
constexpr std::size_t most_marks = 256; // that may begin one; bounds the search behind each

constexpr std::string_view fence = "```";

// After these a verb is an order.
constexpr std::array<std::string_view, 26> before_orders{
  "please", "pls",     "plz",    "kindly", "now",   "just", "simply", "first",     "instead",
  "next",   "so",      "ok",     "okay",   "hey",   "also", "you",    "assistant", "ai",
  "bot",    "chatgpt", "claude", "gpt",    "agent", "but",  "u",      "no"};

// After these it is one where `you` stands before them.
constexpr std::array<std::string_view, 14> after_you{"must",  "should", "will",  "shall", "can",
                                                     "could", "to",     "are",   "may",   "have",
                                                     "need",  "need",   "would", "might"};

constexpr std::array<std::string_view, 3> joining{"and", "then", "or"};

// Who or what does it in a clause that tells of it.
constexpr std::array<std::string_view, 20> telling{
  "why",   "how",    "when",     "whether",   "because",   "that",    "which", "who",   "model", "models",
  "users", "people", "attacker", "attackers", "documents", "prompts", "they",  "texts", "it",    "systems"};

bool is_any(std::string_view word, std::span<const std::string_view> of) noexcept {
  return std::ranges::any_of(of, [word](std::string_view one) {
    return std::ranges::equal(word, one, [](char a, char b) { return secrets::ascii_lower(a) == b; });
  });
}

constexpr bool is_word_byte(char c) noexcept {
  return is_letter_or_digit(c) || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
}

/// What stands before a verb in its sentence, taken off word by word from the end.
class clause {
public:
  clause(std::string_view text, std::size_t end) noexcept
    : text_{text.substr(0, end)} {
    if (text_.size() > longest_clause)
      text_.remove_prefix(text_.size() - longest_clause);
    if (const auto stop = text_.find_last_of(".!?:;\n"); stop != std::string_view::npos)
      text_.remove_prefix(stop + 1);
  }

  /// The last word, or nothing at the clause's beginning.
  std::string_view take() noexcept {
    while (!text_.empty() && (text_.back() == ' ' || text_.back() == '\t'))
      text_.remove_suffix(1);
    auto begin = text_.size();
    while (begin > 0 && is_word_byte(text_[begin - 1]))
      --begin;
    const auto word = text_.substr(begin);
    text_.remove_suffix(word.size());
    return word;
  }

  bool has(std::span<const std::string_view> words) noexcept {
    for (auto rest = *this; !rest.text_.empty();) {
      const auto word = rest.take();
      if (is_any(word, words))
        return true;
      if (word.empty() && !rest.text_.empty())
        rest.text_.remove_suffix(1);
    }
    return false;
  }

private:
  std::string_view text_;
};

struct marks {
  std::string_view opening;
  std::string_view closing;
};

constexpr std::array<marks, 4> paired{
  {{"\u201C", "\u201D"}, {"\u00AB", "\u00BB"}, {"\u2018", "\u2019"}, {"\u300C", "\u300D"}}};

bool opens(std::string_view line, std::size_t at) noexcept {
  return (at == 0 || !is_word_byte(line[at - 1])) && at + 1 < line.size() && line[at + 1] != ' ';
}

bool closes(std::string_view line, std::size_t at) noexcept {
  return at + 1 >= line.size() || !is_word_byte(line[at + 1]);
}

struct found_quotation {
  match_range inside;
  std::size_t resume = 0; ///< the byte behind it
};

std::size_t end_of_line(std::string_view text, std::size_t at, std::size_t most) noexcept {
  return std::min(text.substr(0, std::min(text.size(), at + most)).find('\n', at),
                  std::min(text.size(), at + most));
}

std::optional<found_quotation> code_at(std::string_view text, std::size_t at) noexcept {
  const auto is_block = text.substr(at).starts_with(fence);
  const auto mark = is_block ? fence : fence.substr(0, 1);
  const auto begin = at + mark.size();
  const auto reach =
    is_block ? std::min(text.size(), begin + longest_code) : end_of_line(text, begin, longest_quotation);
  const auto close = text.substr(0, reach).find(mark, begin);
  if (close == std::string_view::npos)
    return std::nullopt;
  return found_quotation{{begin, close}, close + mark.size()};
}

std::optional<found_quotation> quotation_at(std::string_view text, std::size_t at) noexcept {
  const auto c = text[at];
  if (c == '`')
    return code_at(text, at);
  if (c == '"' || c == '\'') {
    if (!opens(text, at))
      return std::nullopt;
    const auto end = end_of_line(text, at + 1, longest_quotation);
    for (auto close = at + 1; close < end; ++close)
      if (text[close] == c && closes(text, close))
        return found_quotation{{at + 1, close}, close + 1};
    return std::nullopt;
  }
  for (const auto& [opening, closing] : paired)
    if (text.substr(at).starts_with(opening)) {
      const auto begin = at + opening.size();
      const auto close = text.substr(0, end_of_line(text, begin, longest_quotation)).find(closing, begin);
      if (close != std::string_view::npos)
        return found_quotation{{begin, close}, close + closing.size()};
    }
  return std::nullopt;
}

bool may_open(std::string_view text, std::size_t at) noexcept {
  const auto c = text[at];
  if (c == '"' || c == '\'' || c == '`')
    return true;
  return static_cast<unsigned char>(c) >= 0x80 &&
         std::ranges::any_of(paired, [&](const marks& m) { return text.substr(at).starts_with(m.opening); });
}

/// Hands every quotation from `from` on to `visit(match_range) -> bool` until that says no.
template <class Visit>
void for_each_quotation(std::string_view text, std::size_t from, Visit&& visit) {
  std::size_t tried = 0;
  for (auto at = from; at < text.size() && tried < most_marks;) {
    if (!may_open(text, at)) {
      ++at;
      continue;
    }
    ++tried;
    const auto found = quotation_at(text, at);
    if (found && !visit(found->inside))
      return;
    at = found ? found->resume : at + 1;
  }
}

std::vector<pattern> cues() {
  const auto made = [](std::string_view expression) {
    return pattern{std::string{expression}, "cue", pattern_origin::built_in};
  };
  return {
    // They talk about what is quoted.
    made(
      R"((?i)\b(?:what (?:does|do|did|is|are|was)|explain(?:s|ed|ing)?|difference between|phrases?|sentences?|wording|strings?|examples?|e\.g\.|such as|quot(?:e|es|ed|ing)|papers?|articles?|attacks?|attackers?|injections?|jailbreaks?|payloads?|detect(?:s|ion|ing|or|ed)?|classifiers?|filters?|flag(?:s|ged|ging)?|regex(?:es)?|patterns?|match(?:es|ing)?|unit tests?|test(?:s|ing)? (?:that|whether|case)|mean(?:s|ing)?|logs?|logged|rejects?|rejected|block(?:s|ed|ing)?|called|titled|entitled|says|said|wrote|written|reported|tickets?|documented|documentation|reads?|looks? like|starts? with|begins? with|tokens?|templates?|slides?|chapters?|headings?|comments?)\b)"),
    // They ask for it to be done.
    made(
      R"((?i)\b(?:say|print|output|repeat|reply|respond|return|type|pretend|only|just|instead|answer with|concatenat\w+|follow|obey|execute|comply with|carry out|act on|do (?:what|as|exactly)|run (?:it|this|the)|adopt|respond as|apply (?:it|this)|begin your (?:answer|reply)|start your (?:answer|reply)|your new (?:instructions?|rules?|prompt))\b)"),
  };
}

constexpr pattern_id talks_about = 0;
constexpr pattern_id asks_for = 1;

} // namespace

bool is_order(std::string_view text, std::size_t verb) noexcept {
  clause before{text, verb};
  auto word = before.take();
  while (word.size() > 3 && word.ends_with("ly")) // completely, immediately
    word = before.take();
  if (word.empty() || is_any(word, before_orders))
    return true;
  if (is_any(word, after_you)) {
    constexpr std::array<std::string_view, 3> addressed{"you", "your", "u"};
    return before.has(addressed) && !before.has(telling);
  }
  return is_any(word, joining) && !before.has(telling);
}

std::optional<match_range> quotation_around(std::string_view text, match_range where) noexcept {
  std::optional<match_range> around;
  // Whether a mark opens or closes is told from the beginning of the block it stands in.
  auto from = where.begin > longest_code ? where.begin - longest_code : 0;
  if (const auto blank = text.substr(0, where.begin).rfind("\n\n");
      blank != std::string_view::npos && blank > from &&
      text.substr(from, blank - from).find(fence) == std::string_view::npos)
    from = blank;
  for_each_quotation(text, from, [&](match_range inside) {
    if (inside.begin <= where.begin && where.end <= inside.end)
      around = inside;
    return !around && inside.end < where.begin;
  });
  return around;
}

bool is_code(std::string_view text, match_range quotation) noexcept {
  return quotation.begin > 0 && text[quotation.begin - 1] == '`';
}

mentions::mentions()
  : engine_{compile_re2(cues())} {}

bool mentions::are_about(std::string_view text, match_range quotation) const {
  const auto begin = quotation.begin > nearby_bytes ? quotation.begin - nearby_bytes : 0;
  const auto end = std::min(text.size(), quotation.end + nearby_bytes);
  const auto has = [&](pattern_id cue) {
    return engine_->next(text, cue, begin, quotation.begin) || engine_->next(text, cue, quotation.end, end);
  };
  return has(talks_about) && !has(asks_for);
}

std::vector<match_range> mentions::find(std::string_view text) const {
  std::vector<match_range> found;
  std::size_t looked_at = 0;
  for_each_quotation(text, 0, [&](match_range inside) {
    if (are_about(text, inside))
      found.push_back(inside);
    return ++looked_at < most_quotations;
  });
  return found;
}

} // namespace guardrails::checks::semantic
