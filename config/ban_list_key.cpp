// Reads and writes lists by name: `name: [words]` or `name: {words: [words], action: flag}`.
#include "config/ban_list_key.hpp"

#include "config/nearest.hpp"
#include "config/printable.hpp"
#include "config/text_rules.hpp"
#include "config/values.hpp"

namespace guardrails::config {

namespace {

using ban_lists = std::map<std::string, banned_terms>;

constexpr std::size_t most_lists = 64;
constexpr std::size_t most_words = 100'000;
constexpr std::size_t longest_name = 64;
constexpr std::string_view list_keys[] = {"words", "action"};

bool is_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= longest_name &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

place member_of(const place& at, const member& m) {
  return {at.in, m.value, at.path + '.' + printable(m.key, longest_name)};
}

[[noreturn]] void refuse_key(const place& at, const member& m, std::string problem,
                             std::string suggestion = {}) {
  throw config_error{
    {at.in.source, m.at.line, m.at.column}, member_of(at, m).path, std::move(problem), std::move(suggestion)};
}

std::vector<std::string> read_words(const place& at) {
  auto words = parse<std::vector<std::string>>(at, {.max_items = most_words, .rule = &blocked_word});
  if (words.empty())
    at.fail("is empty; expected at least one word");
  return words;
}

banned_terms read_list(const place& at) {
  if (at.value.kind == shape::list)
    return {read_words(at), finding_action::block};
  if (at.value.kind != shape::map)
    at.fail_type("a list of words, or a map with the keys words and action");
  banned_terms terms;
  for (const auto& m : at.value.members) {
    if (m.key == "words")
      terms.words = read_words(member_of(at, m));
    else if (m.key == "action")
      terms.action = parse<finding_action>(member_of(at, m), {.choices = {"block", "flag", "mask"}});
    else
      refuse_key(at, m, "unknown key; expected words or action", std::string{nearest(m.key, list_keys)});
  }
  if (terms.words.empty())
    at.fail("has no words; expected at least one");
  return terms;
}

void read_lists(rails_config& config, const place& at) {
  if (at.value.kind == shape::scalar && !parse_bool(at))
    return;
  if (at.value.kind != shape::map)
    at.fail_type("a map of names, each with a list of words");
  if (at.value.members.size() > most_lists)
    at.fail("has " + std::to_string(at.value.members.size()) + " lists; expected at most " +
            std::to_string(most_lists));
  for (const auto& m : at.value.members) {
    if (!is_name(m.key))
      refuse_key(at, m, "is no name for a list; expected at most 64 letters, digits, _ and -");
    config.guardrails.ban_list[m.key] = read_list(member_of(at, m));
  }
}

std::optional<std::string> write_lists(const rails_config& config) {
  const auto& lists = config.guardrails.ban_list;
  if (lists.empty())
    return std::nullopt;
  std::string text;
  for (const auto& [name, terms] : lists)
    text += (text.empty() ? "" : ", ") + format_text(name) + ": {words: " + format(terms.words) +
            ", action: " + format(terms.action) + '}';
  return '{' + text + '}';
}

} // namespace

key ban_list_key() {
  key made;
  made.path = "guardrails.ban_list";
  made.doc = "Own lists of words that may not occur, by name, each with an action: block, flag or mask.";
  made.type = "map of lists of texts";
  made.allowed = "at most 64 lists, each at most 100000, each a word or phrase";
  made.check = true;
  made.read = read_lists;
  made.write = write_lists;
  made.same = [](const rails_config& left, const rails_config& right) {
    return left.guardrails.ban_list == right.guardrails.ban_list;
  };
  made.runs = [](const rails_config& config) { return !config.guardrails.ban_list.empty(); };
  return made;
}

} // namespace guardrails::config
