// The rules, as regular expressions of RE2. Each asks for the words of an attack near each other; whether
// they attack, or talk about attacks, is for the heads to say.
#include "checks/semantic/class_rules.hpp"

namespace guardrails::checks::semantic {

namespace {

struct rule {
  content_class is;
  std::string_view name;
  std::string_view expression;
};

using enum content_class;

constexpr rule rules[] = {
  {jailbreak, "restrictions lifted",
   R"((?i)\b(?:ignore|disregard|forget|bypass|drop|without|free (?:of|from)|no longer bound by)\b[^.!?\n]{0,40}\b(?:restrictions?|guidelines|limitations|filters|safety (?:rules|guidelines)|content polic(?:y|ies)|ethic(?:s|al guidelines))\b)"},
  {jailbreak, "another mode",
   R"((?i)\b(?:you are now|enter|enable|activate|switch to|act in|boot into)\b[^.!?\n]{0,30}\b(?:developer|dan|jailbreak|jailbroken|god|sudo|unrestricted|unfiltered|uncensored|root|debug) mode\b)"},
  {jailbreak, "do anything now", R"((?i)\bdo anything now\b)"},
  {malicious, "malware made",
   R"((?i)\b(?:creat(?:e|es|ing)|writ(?:e|es|ing)|mak(?:e|es|ing)|build(?:s|ing)?|develop(?:s|ing)?|cod(?:e|ing)|program(?:s|ming)?|design(?:s|ing)?|spread(?:s|ing)?|deploy(?:s|ing)?)\b[^.!?\n]{0,40}\b(?:malware|ransomware|spyware|keyloggers?|trojans?|rootkits?|botnets?|computer (?:virus(?:es)?|worms?)|infostealers?|phishing (?:kits?|pages?|sites?|e-?mails?))\b)"},
  {prompt_injection, "instructions revoked",
   R"((?i)\b(?:ignore|disregard|forget|override|skip|discard|neglect)\b[^.!?\n]{0,40}\b(?:previous|prior|above|preceding|earlier|foregoing|before|initial|original|system|your|all)\b[^.!?\n]{0,30}\b(?:instructions?|prompts?|directions?|directives?|commands?|orders|messages?|context)\b)"},
  {prompt_injection, "what stands above revoked",
   R"((?i)\b(?:ignore|disregard|forget)\s+(?:all\s+|everything\s+)?(?:of\s+)?(?:the\s+|what\s+)?(?:above|previous|before)\b)"},
  {prompt_injection, "prompt asked for",
   R"((?i)\b(?:reveal|show|print|output|repeat|display|leak|tell me|give me|reproduce|recite|dump)\b[^.!?\n]{0,40}\b(?:system|hidden|initial|secret|original|developer|internal) (?:prompt|instructions?|message)\b)"},
  {prompt_injection, "override declared",
   R"((?i)\b(?:system|admin|administrator|developer|emergency|security) override\b)"},
  {prompt_injection, "turn forged",
   R"((?i)(?:<\|(?:im_start|system|start_header_id)\|?>|\[/?INST\]|<</?SYS>>|(?:^|\n)\s*#{2,3}\s*(?:system|new instructions?)\b|\[(?:system|admin|developer)\s*(?:message|prompt|note)?\]\s*:))"},
  {malicious_code_injection, "SQL statement appended",
   R"((?i)['"\)]\s*;\s*(?:drop|delete|insert|update|alter|truncate|exec|shutdown|create)\b)"},
  {malicious_code_injection, "SQL condition always true",
   R"((?i)['"]\s*(?:or|and|\|\|)\s+['"(]?\s*(?:\d+['"]?\s*=\s*['"]?\d+|['"]?[a-z]['"]?\s*=\s*['"]?[a-z]|true\b))"},
  {malicious_code_injection, "SQL union", R"((?i)['"\)\d]\s*union\s+(?:all\s+)?select\b)"},
  {malicious_code_injection, "shell command appended",
   R"((?i)(?:;|\||&&|\$\(|`)\s*(?:rm\s+-rf|cat\s+/etc/|wget\s+http|curl\s+[^|\n]{0,80}\|\s*(?:ba)?sh|nc\s+-e|bash\s+-i|powershell\s+-e))"},
  {malicious_code_injection, "script in markup",
   R"((?i)<(?:script\b[^>\n]{0,80}>|(?:img|svg|body|iframe|input|details)\b[^>\n]{0,80}\bon(?:error|load|click|focus|toggle|mouseover)\s*=))"},
  {malicious_code_injection, "template expression",
   R"((?:\{\{|\$\{|<%=|#\{)[^}\n]{0,80}(?:__class__|__mro__|__subclasses__|getRuntime|ProcessBuilder|jndi:|self\.__init__|config\.items|7\s*\*\s*7))"},
  {hallucination, "asserted though unsure",
   R"((?i)\b(?:i(?:'|’)?m|i am)\s+not\s+(?:(?:entirely|completely|totally|really|quite|fully|very|100\s*%|a hundred percent)\s+)?(?:sure|certain|positive)\b[^!?\n]{0,80}\bbut\b)"},
  {hallucination, "guessed",
   R"((?i)\b(?:i (?:don(?:'|’)?t|do not) (?:really |actually )?(?:know|remember)|no idea|not sure)\b[^!?\n]{0,60}\bbut\b[^!?\n]{0,20}\b(?:i think|i believe|i guess|it (?:is|was)|probably)\b)"},
};

std::vector<pattern> as_patterns() {
  std::vector<pattern> patterns;
  for (const auto& r : rules)
    patterns.push_back({std::string{r.expression}, std::string{r.name}, pattern_origin::built_in});
  return patterns;
}

} // namespace

class_rules::class_rules()
  : engine_{compile_re2(as_patterns())} {}

std::optional<rule_match> class_rules::find(std::string_view text, content_class wanted) const {
  for (pattern_id id = 0; id < std::size(rules); ++id)
    if (rules[id].is == wanted)
      if (const auto where = engine_->next(text, id, 0, text.size()))
        return rule_match{wanted, rules[id].name, *where};
  return std::nullopt;
}

} // namespace guardrails::checks::semantic
