// The invisible text check: characters that show nothing, turn the reading order or mean nothing to anybody
// else, where no script and no emoji needs them.
#include "checks/code_point_class.hpp"
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <vector>

namespace guardrails::checks {

namespace {

// Past so many findings the rest of the text counts as one. Bounds the report on hostile texts.
constexpr std::size_t most_findings = 10'000;
constexpr std::size_t characters_between_stops = 4'096;

constexpr char32_t zero_width_space = 0x200B;
constexpr char32_t zero_width_non_joiner = 0x200C;
constexpr char32_t zero_width_joiner = 0x200D;
constexpr char32_t emoji_presentation = 0xFE0F;
constexpr char32_t byte_order_mark = 0xFEFF;
constexpr char32_t black_flag = 0x1F3F4;
constexpr char32_t tag_begin = 0xE0000;
constexpr char32_t tag_end = 0xE007F; // CANCEL TAG

constexpr bool within(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

bool has(char32_t c, UProperty property) {
  return c != no_code_point && u_hasBinaryProperty(static_cast<UChar32>(c), property);
}

bool is_private_use(char32_t c) {
  return within(c, 0xE000, 0xF8FF) || within(c, 0xF0000, 0xFFFFD) || within(c, 0x100000, 0x10FFFD);
}

bool is_direction_mark(char32_t c) {
  return c == 0x200E || c == 0x200F || c == 0x061C;
}

bool is_variation_selector(char32_t c) {
  return has(c, UCHAR_VARIATION_SELECTOR);
}

/// Why a character is reported; empty: it can be seen.
std::string_view kind_of(char32_t c) {
  if (is_private_use(c))
    return "private use";
  if (!is_invisible(c))
    return {};
  if (within(c, tag_begin, tag_end))
    return "tag character";
  if (is_direction_mark(c) || within(c, 0x202A, 0x202E) || within(c, 0x2066, 0x2069))
    return "bidi control";
  if (is_variation_selector(c))
    return "variation selector";
  if (within(c, 0x200B, zero_width_joiner) || c == 0x2060 || c == byte_order_mark)
    return "zero width";
  return c == 0x00AD ? "soft hyphen" : "invisible character";
}

UScriptCode script_of(char32_t c) {
  auto status = U_ZERO_ERROR;
  return c == no_code_point ? USCRIPT_INVALID_CODE : uscript_getScript(static_cast<UChar32>(c), &status);
}

// Scripts whose letters join: there the joiners choose their shapes (Unicode Standard, chapters 9, 12 to 16).
bool joins(char32_t c) {
  constexpr UScriptCode scripts[] = {
    USCRIPT_ARABIC,  USCRIPT_SYRIAC,   USCRIPT_MONGOLIAN, USCRIPT_NKO,     USCRIPT_DEVANAGARI,
    USCRIPT_BENGALI, USCRIPT_GUJARATI, USCRIPT_GURMUKHI,  USCRIPT_KANNADA, USCRIPT_MALAYALAM,
    USCRIPT_ORIYA,   USCRIPT_SINHALA,  USCRIPT_TAMIL,     USCRIPT_TELUGU,  USCRIPT_KHMER,
    USCRIPT_MYANMAR, USCRIPT_TIBETAN};
  // Vowel signs that several scripts share have the script `inherited`.
  return std::ranges::find(scripts, script_of(c)) != std::end(scripts) ||
         (c != no_code_point && u_getCombiningClass(static_cast<UChar32>(c)) != 0 &&
          script_of(c) == USCRIPT_INHERITED);
}

// There an invisible space says where a line may break (Unicode Standard, chapter 16).
bool is_written_without_spaces(char32_t c) {
  constexpr UScriptCode scripts[] = {USCRIPT_THAI, USCRIPT_LAO, USCRIPT_MYANMAR, USCRIPT_KHMER};
  return std::ranges::find(scripts, script_of(c)) != std::end(scripts);
}

bool reads_right_to_left(char32_t c) {
  if (c == no_code_point || is_direction_mark(c))
    return false;
  const auto direction = u_charDirection(static_cast<UChar32>(c));
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC || direction == U_ARABIC_NUMBER;
}

bool is_conjoining_jamo(char32_t c) {
  return within(c, 0x1100, 0x11FF) || within(c, 0xA960, 0xA97C) || within(c, 0xD7B0, 0xD7FB);
}

/// One character and what stands around it.
struct neighbourhood {
  std::string_view text;
  std::size_t begin;
  code_point current;

  char32_t before() const { return decode_before(text, begin).value; }
  char32_t after() const { return decode_at(text, begin + current.length).value; }

  bool joins_emoji() const {
    auto at = begin;
    auto left = decode_before(text, at);
    if (left.value == emoji_presentation) {
      at -= left.length;
      left = decode_before(text, at);
    }
    return has(left.value, UCHAR_EMOJI) && has(after(), UCHAR_EXTENDED_PICTOGRAPHIC);
  }

  bool selects_a_form() const {
    const auto base = before();
    if (within(current.value, 0xFE0E, 0xFE0F))
      return has(base, UCHAR_EMOJI);
    if (within(current.value, 0xE0100, 0xE01EF))
      return has(base, UCHAR_IDEOGRAPHIC);
    if (within(current.value, 0x180B, 0x180F))
      return script_of(base) == USCRIPT_MONGOLIAN;
    const auto script = script_of(base);
    return has(base, UCHAR_IDEOGRAPHIC) || has(base, UCHAR_MATH) || script == USCRIPT_MYANMAR ||
           script == USCRIPT_PHAGS_PA;
  }

  // A mark belongs to right-to-left text even with a bracket or a full stop between them.
  bool stands_in_right_to_left_text() const {
    constexpr int reach = 4; // characters
    auto left = begin;
    auto right = begin + current.length;
    for (int i = 0; i < reach; ++i) {
      const auto earlier = decode_before(text, left);
      const auto later = decode_at(text, right);
      if (reads_right_to_left(earlier.value) || reads_right_to_left(later.value))
        return true;
      left -= earlier.length;
      right += later.length;
    }
    return false;
  }

  /// Whether a script or an emoji needs the character here.
  bool is_at_home() const {
    const auto c = current.value;
    if (c == byte_order_mark)
      return begin == 0;
    if (c == zero_width_joiner && joins_emoji())
      return true;
    if (c == zero_width_joiner || c == zero_width_non_joiner || c == 0x180E)
      return joins(before()) || (c == zero_width_non_joiner && before() != c && joins(after()));
    if (c == zero_width_space)
      return is_written_without_spaces(before()) && is_written_without_spaces(after());
    if (is_variation_selector(c))
      return selects_a_form();
    if (is_direction_mark(c))
      return stands_in_right_to_left_text();
    if (c == 0x115F || c == 0x1160)
      return is_conjoining_jamo(before()) || is_conjoining_jamo(after());
    return false;
  }
};

/// The end of the flag of a region (Unicode Technical Standard 51, emoji tag sequences) whose tags begin at
/// `begin`, or `begin`.
std::size_t end_of_flag(std::string_view text, std::size_t begin) {
  constexpr std::size_t longest_code = 6;
  if (decode_before(text, begin).value != black_flag)
    return begin;
  auto at = begin;
  for (std::size_t tags = 0; tags <= longest_code; ++tags) {
    const auto tag = decode_at(text, at);
    at += tag.length;
    if (tag.value == tag_end)
      return tags >= 3 ? at : begin;
    const auto letter = tag.value - tag_begin;
    if (!within(letter, '0', '9') && !within(letter, 'a', 'z'))
      break;
  }
  return begin;
}

struct invisible_run {
  match_range where;
  std::string_view kind;
};

std::vector<invisible_run> find_runs(std::string_view text, const stop_function& stop) {
  std::vector<invisible_run> runs;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (stop && characters++ % characters_between_stops == 0 && stop())
      break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const neighbourhood here{text, at, decode_at(text, at)};
    const auto begin = at;
    at += here.current.length;
    const auto kind = kind_of(here.current.value);
    if (kind.empty() || here.is_at_home())
      continue;
    if (const auto flag = end_of_flag(text, begin); flag != begin) {
      at = flag;
      continue;
    }
    if (!runs.empty() && runs.back().where.end == begin && runs.back().kind == kind)
      runs.back().where.end = at;
    else if (runs.size() < most_findings)
      runs.push_back({{begin, at}, kind});
    else {
      runs.back().where.end = text.size();
      break;
    }
  }
  return runs;
}

class invisible_text_check final : public text_check {
public:
  explicit invisible_text_check(finding_action action)
    : action_{action} {}

  std::string_view name() const noexcept override { return "invisible_text"; }
  std::string_view message_key() const noexcept override { return "invisible_text"; }
  bool masks() const noexcept override { return action_ == finding_action::mask; }
  text_form reads() const noexcept override { return text_form::original; }
  bool masks_first() const noexcept override { return true; } // a mask would hide what it looks for

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    const auto runs = find_runs(text, stop);
    std::vector<std::string_view> kinds;
    for (const auto& [where, kind] : runs) {
      report.findings.push_back(rule_finding(name(), "InvisibleText", action_, where, std::string{kind}, ""));
      if (std::ranges::find(kinds, kind) == kinds.end())
        kinds.push_back(kind);
    }
    std::string sentence;
    for (const auto kind : kinds)
      sentence.append(sentence.empty() ? "" : ", ").append(kind);
    const auto passes = runs.empty() || action_ != finding_action::block;
    report.invisible_text = verdict_report{passes, std::move(sentence)};
    return passes;
  }

  finding_action action_;
};

} // namespace

std::unique_ptr<const check> compile_invisible_text(compile_context& context) {
  const auto& config = context.config.guardrails.invisible_text;
  if (!config)
    return nullptr;
  return std::make_unique<const invisible_text_check>(config->action);
}

} // namespace guardrails::checks
