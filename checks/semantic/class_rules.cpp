// The rules, as regular expressions of RE2. Each asks for the words of an attack near each other, most of
// them for a head that says so too; what only talks about an attack is not one.
#include "checks/semantic/class_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

namespace guardrails::checks::semantic {

namespace {

// How much a head must say beside a rule that matches.
constexpr double beside_a_head = 0.3;
constexpr double beside_a_surer_head = 0.6;
constexpr double says_nearly_all = 0.1; // the words say it nearly in full
constexpr double only_names = 1;        // the words only tell one class from another
constexpr double certain = 0;

/// What a match must be besides not being talked about.
enum class form : std::uint8_t {
  any,
  order,        ///< begins with a verb that orders
  begun,        ///< stands at the beginning of a line, a sentence or what follows another such match
  with_payload, ///< something encoded is in the text
};

struct rule {
  content_class is;
  std::string_view name;
  std::string_view expression;
  form must_be = form::any;
  double least = beside_a_head;
};

using enum content_class;

constexpr rule rules[] = {
  {jailbreak, "restrictions lifted",
   R"((?i)\b(?:ignore|disregard|forget|bypass|drop|lift|remove|disable|turn off)\b[^.!?\n]{0,40}\b(?:restrictions?|guidelines|limitations|filters|safety (?:rules|guidelines)|content polic(?:y|ies)|ethic(?:s|al guidelines))\b)",
   form::order},
  {jailbreak, "unbound by restrictions",
   R"((?i)\b(?:without|free (?:of|from)|no longer bound by|not bound by|freed from)\b[^.!?\n]{0,30}\b(?:restrictions?|guidelines|limitations|filters|safety (?:rules|guidelines)|content polic(?:y|ies)|ethic(?:s|al guidelines))\b)"},
  {jailbreak, "another mode",
   R"((?i)\b(?:you are now|enter|enable|activate|switch to|act in|boot into)\b[^.!?\n]{0,30}\b(?:developer|dan|jailbreak|jailbroken|god|sudo|unrestricted|unfiltered|uncensored|root|debug) mode\b)",
   form::order},
  {jailbreak, "do anything now", R"((?i)\bdo anything now\b)"},
  {malicious, "malware ordered",
   R"((?i)\b(?:create|write|make|build|develop|code|program|design|give|send|generate|produce)\b[^.!?\n]{0,40}\b(?:malware|ransomware|spyware|keyloggers?|trojans?|rootkits?|botnets?|computer (?:virus(?:es)?|worms?)|infostealers?|phishing (?:kits?|pages?|sites?|e-?mails?))\b)",
   form::order},
  {malicious, "malware made",
   R"((?i)\b(?:creat(?:e|es|ing)|writ(?:e|es|ing)|mak(?:e|es|ing)|build(?:s|ing)?|develop(?:s|ing)?|cod(?:e|ing)|program(?:s|ming)?|design(?:s|ing)?|spread(?:s|ing)?|deploy(?:s|ing)?)\b[^.!?\n]{0,40}\b(?:malware|ransomware|spyware|keyloggers?|trojans?|rootkits?|botnets?|computer (?:virus(?:es)?|worms?)|infostealers?|phishing (?:kits?|pages?|sites?|e-?mails?))\b)",
   form::any, only_names},
  {prompt_injection, "instructions revoked",
   R"((?i)\b(?:ignore|disregard|forget|override|skip|discard|neglect)\b[^.!?\n]{0,40}\b(?:previous|prior|above|preceding|earlier|foregoing|before|initial|original|system|your|all)\b[^.!?\n]{0,30}\b(?:instructions?|prompts?|directions?|directives?|commands?|orders|messages?|context)\b)",
   form::order},
  {prompt_injection, "what stands above revoked",
   R"((?i)\b(?:ignore|disregard|forget)\s+(?:all\s+|everything\s+)?(?:of\s+)?(?:the\s+|what\s+)?(?:above|previous|before)\b)",
   form::order},
  {prompt_injection, "prompt asked for",
   R"((?i)\b(?:reveal|show|print|output|repeat|display|leak|tell me|give me|reproduce|recite|dump)\b[^.!?\n]{0,40}\b(?:system|hidden|initial|secret|original|developer|internal) (?:prompt|instructions?|message)\b)",
   form::order},
  {prompt_injection, "override declared",
   R"((?i)\b(?:system|admin|administrator|developer|emergency|security) override\b)"},
  {prompt_injection, "chat template token",
   R"((?i)(?:<\|im_start\|>\s*(?:system|assistant|user|developer)\b|<\|(?:system|assistant|user|developer)\|>|<\|start_header_id\|>\s*(?:system|assistant|user)\s*<\|end_header_id\|>|<\|(?:im_end|eot_id|end_of_turn|endoftext|end)\|>|</?s>\s*\[/?INST\]|\[/INST\]|\[INST\]|<</?SYS>>|<start_of_turn>(?:model|user|system))(?:[ \t]|\s*\n)*[^\s<`"'])",
   form::begun, certain},
  {prompt_injection, "system turn forged",
   R"((?i)(?:^|\n)[ \t>*#\[(]{0,8}(?:system|developer|admin(?:istrator)?|operator|root)(?: (?:message|prompt|note|notice|update|instruction|alert))?[ \t*\])]{0,4}:[ \t*]{0,4}(?:\n[ \t]*)?(?:you are now\b|you (?:must|will|shall|have to|no longer)\b|from now on\b|(?:please )?(?:ignore|disregard|forget|override|disable|discard)\b|(?:all )?(?:the )?(?:new|previous|prior|earlier|safety|content)(?: \w+)? (?:rules?|instructions?|polic(?:y|ies)|orders|filters?|guidelines)\b|(?:safety|debug|developer|maintenance|god|unrestricted) (?:\w+ )?(?:mode|filters?|checks?)\b|the user (?:is|has been|was) (?:verified|granted|an? (?:admin|developer|operator))\b|(?:reveal|print|output|dump|send|forward)\b))", form::any,
   certain},
  {prompt_injection, "system turn forged",
   R"((?i)(?:(?:^|\n)\s*#{2,3}\s*(?:system(?: prompt| message)?|new instructions?|end of (?:user )?(?:input|prompt|message))\b[^\n]{0,40}\n|\[(?:system|admin|developer)\s*(?:message|prompt|note)?\]\s*:|</?(?:system|system_prompt)>\s*\n?\s*[a-z]))",
   form::begun},
  {prompt_injection, "encoded orders",
   R"((?i)\b(?:decode|decrypt|decipher|unscramble|base ?64|rot-?13|hex(?:adecimal)?|morse)\b[^\n]{0,80}?\b(?:and|then|,|to)\s+(?:then\s+|just\s+|please\s+|immediately\s+|silently\s+|do\s+)?(?:follow|execute|obey|carry out|comply with|act (?:on|upon)|perform|do (?:what|as|exactly)|answer|respond to|run|exactly what|what it)\b)",
   form::with_payload, certain},
  {malicious_code_injection, "SQL statement appended",
   R"((?i)['"\)]\s*;\s*(?:drop|delete|insert|update|alter|truncate|exec|shutdown|create)\b)"},
  {malicious_code_injection, "SQL condition always true",
   R"((?i)['"]\s*(?:or|and|\|\|)\s+['"(]?\s*(?:\d+['"]?\s*=\s*['"]?\d+|['"]?[a-z]['"]?\s*=\s*['"]?[a-z]|true\b))"},
  {malicious_code_injection, "SQL union", R"((?i)['"\)\d]\s*union\s+(?:all\s+)?select\b)"},
  {malicious_code_injection, "shell command appended",
   R"((?i)(?:;|\||&&|\$\(|`)\s*(?:rm\s+-rf|cat\s+/etc/|wget\s+http|curl\s+[^|\n]{0,80}\|\s*(?:ba)?sh|nc\s+-e|bash\s+-i|powershell\s+-e))"},
  {malicious_code_injection, "script in markup",
   R"((?i)<(?:script\b[^>\n]{0,80}>|(?:img|svg|body|iframe|input|details)\b[^>\n]{0,80}\bon(?:error|load|click|focus|toggle|mouseover)\s*=))",
   form::any, beside_a_surer_head}, // pages with scripts are pasted for many reasons
  {malicious_code_injection, "template expression",
   R"((?:\{\{|\$\{|<%=|#\{)[^}\n]{0,80}(?:__class__|__mro__|__subclasses__|getRuntime|ProcessBuilder|jndi:|self\.__init__|config\.items|7\s*\*\s*7))"},
  {hallucination, "asserted though unsure",
   R"((?i)\b(?:i(?:'|’)?m|i am)\s+not\s+(?:(?:entirely|completely|totally|really|quite|fully|very|100\s*%|a hundred percent)\s+)?(?:sure|certain|positive)\b[^!?\n]{0,80}\bbut\b)",
   form::any, says_nearly_all},
  {hallucination, "guessed",
   R"((?i)\b(?:i (?:don(?:'|’)?t|do not) (?:really |actually )?(?:know|remember)|no idea|not sure)\b[^!?\n]{0,60}\bbut\b[^!?\n]{0,20}\b(?:i think|i believe|i guess|it (?:is|was)|probably)\b)",
   form::any, says_nearly_all},
};

// What a text has that any of the certain rules may match. They are few and short: this is looked for in
// every text.
constexpr std::string_view traces =
  R"((?i)<\|[a-z_]+\|>|\[/?inst\]|<</?sys>>|<start_of_turn>|(?:^|\n)[ \t>*#\[(]{0,8}(?:system|developer|admin|operator|root)\b|\b(?:decode|decrypt|decipher|unscramble|base ?64|rot-?13|hex|hexadecimal|morse)\b)";

// Where nothing encoded stands, an order to decode it and do what it says is harmless, or part of a question.
constexpr std::string_view encoded =
  R"([A-Za-z0-9+/_-]{16,}={0,2}|(?:[0-9A-Fa-f]{2}[ :]){8,}|(?:[.-]{1,5} ){6,}|(?:\b[01]{8}\b ?){4,}|(?i)(?:rot-?13|caesar|cipher)[^\n]{0,60}:\s*(?:\S+\s+){3})";

std::vector<pattern> as_patterns() {
  std::vector<pattern> patterns;
  for (const auto& r : rules)
    patterns.push_back({std::string{r.expression}, std::string{r.name}, pattern_origin::built_in});
  patterns.push_back({std::string{traces}, "traces", pattern_origin::built_in});
  patterns.push_back({std::string{encoded}, "encoded", pattern_origin::built_in});
  return patterns;
}

constexpr pattern_id traces_id = std::size(rules);
constexpr pattern_id encoded_id = traces_id + 1;

// Matches of one rule that are looked at: who hides an attack behind so many mentions has the heads to pass.
constexpr std::size_t most_matches = 16;

constexpr bool is_line_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '>' || c == '*';
}

/// Whether a line, a sentence or another turn begins at `at`.
bool begins_here(std::string_view text, std::size_t at) noexcept {
  while (at > 0 && is_line_space(text[at - 1]))
    --at;
  return at == 0 || std::string_view{"\n.!?]>|"}.find(text[at - 1]) != std::string_view::npos;
}

} // namespace

class_rules::class_rules()
  : engine_{compile_re2(as_patterns())} {}

bool class_rules::has_form(std::string_view text, std::size_t rule_id, match_range where) const {
  switch (rules[rule_id].must_be) {
  case form::any:
    return true;
  case form::order:
    return is_order(text, where.begin);
  case form::begun:
    return begins_here(text, where.begin);
  case form::with_payload:
    return engine_->next(text, encoded_id, 0, text.size()).has_value();
  }
  return true;
}

bool class_rules::is_made(std::string_view text, std::size_t rule_id, match_range where) const {
  if (!has_form(text, rule_id, where))
    return false;
  const auto quoted = quotation_around(text, where);
  if (!quoted)
    return true;
  const auto is_quoted_code = rules[rule_id].least == certain && is_code(text, *quoted);
  return !is_quoted_code && !mentions_.are_about(text, *quoted);
}

std::optional<match_range> class_rules::made(std::string_view text, std::size_t rule_id) const {
  std::size_t from = 0;
  for (std::size_t seen = 0; seen < most_matches && from <= text.size(); ++seen) {
    const auto where = engine_->next(text, static_cast<pattern_id>(rule_id), from, text.size());
    if (!where)
      return std::nullopt;
    if (is_made(text, rule_id, *where))
      return where;
    from = std::max(where->end, where->begin + 1);
  }
  return std::nullopt;
}

bool class_rules::has_traces(std::string_view text) const {
  return engine_->next(text, traces_id, 0, text.size()).has_value();
}

std::optional<rule_match> class_rules::find(std::string_view text, content_class wanted, belief head,
                                            const stop_function& stop) const {
  std::optional<bool> traced;
  for (std::size_t id = 0; id < std::size(rules); ++id) {
    const auto& r = rules[id];
    if (r.is != wanted || head.probability < std::min(r.least, head.threshold))
      continue;
    if (stop && stop())
      return std::nullopt;
    if (r.least == certain && !(traced ? *traced : *(traced = has_traces(text))))
      continue;
    if (const auto where = made(text, id))
      return rule_match{wanted, r.name, *where, std::min(r.least, head.threshold)};
  }
  return std::nullopt;
}

} // namespace guardrails::checks::semantic
