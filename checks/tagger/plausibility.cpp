// Words that name something else, and the words around a nationality that make it a language or a dish.
#include "checks/tagger/plausibility.hpp"

#include "checks/recognisers/context.hpp"

#include <guardrails/ascii.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace guardrails::checks::tagger {

namespace {

bool has_word(std::string_view text, std::size_t letters_of_word) {
  std::size_t letters = 0;
  return std::ranges::any_of(text, [&](char c) {
    const bool letter =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    letters = letter ? letters + 1 : 0;
    return letters == letters_of_word;
  });
}

// Digits with capitals between them are numbers of something, not places.
bool may_be_place(std::string_view name) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return std::ranges::none_of(name, is_digit) || std::ranges::any_of(name, is_lower) || has_word(name, 4);
}

bool is_one_of(std::string_view word, std::span<const std::string_view> sorted) {
  return std::ranges::binary_search(sorted, word);
}

// Products and languages that are nobody's name; those that are (Julia, Pascal, Ruby) are not here.
bool is_thing(std::string_view name) {
  static constexpr auto things = std::to_array<std::string_view>(
    {"airflow",    "ansible",    "arabic",     "bengali",    "bitbucket", "blender",       "bootstrap",
     "cantonese",  "celery",     "clojure",    "confluence", "copilot",   "cortana",       "cpython",
     "databricks", "datadog",    "dockerfile", "dynamodb",   "eclipse",   "elasticsearch", "elixir",
     "erlang",     "esperanto",  "farsi",      "figma",      "firebase",  "gemini",        "gimp",
     "grafana",    "hadoop",     "heroku",     "hindi",      "homebrew",  "inkscape",      "intellij",
     "ipad",       "iphone",     "javascript", "jira",       "jquery",    "jupyter",       "kafka",
     "kibana",     "kotlin",     "kubernetes", "laravel",    "latex",     "llama",         "logstash",
     "macbook",    "mandarin",   "matlab",     "maven",      "minecraft", "mongodb",       "netflix",
     "nginx",      "notion",     "ocaml",      "openshift",  "pandas",    "playstation",   "postgres",
     "postman",    "prometheus", "python",     "rabbitmq",   "redis",     "selenium",      "siri",
     "snowflake",  "splunk",     "swahili",    "tagalog",    "terraform", "trello",        "typescript",
     "urdu",       "vagrant",    "vim",        "whatsapp",   "wikipedia", "wordpress",     "xbox",
     "xcode",      "youtube",    "zig",        "zoom"});
  static_assert(std::ranges::is_sorted(things));
  return is_one_of(folded(name), things);
}

// Words after a nationality that make it a kind of dish, or of text.
bool is_followed_by_thing(std::string_view text, std::size_t end) {
  static constexpr auto things = std::to_array<std::string_view>(
    {"beer",       "bread",         "breakfast", "cheese",  "cooking",    "cuisine",     "cuisines",
     "dialect",    "dictionary",    "dish",      "dishes",  "dressing",   "food",        "fries",
     "grammar",    "keyboard",      "language",  "lesson",  "lessons",    "menu",        "noodles",
     "pastry",     "pronunciation", "recipe",    "recipes", "restaurant", "restaurants", "salad",
     "sauce",      "soup",          "subtitles", "tea",     "toast",      "translation", "translations",
     "translator", "vocabulary",    "wine",      "wines",   "yoghurt",    "yogurt"});
  constexpr std::size_t longest = 16;
  const auto begin = std::min(text.find_first_not_of(" -", end), text.size());
  if (begin == end)
    return false;
  const auto rest = text.substr(begin, longest);
  const auto after =
    std::ranges::find_if(rest, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')); });
  return is_one_of(folded(rest.substr(0, static_cast<std::size_t>(after - rest.begin()))), things);
}

// `translate this to French and German`, `she speaks Spanish`, `learn Polish`.
bool follows_word_of_speech(const nearest_words& words) {
  static constexpr auto speech = std::to_array<std::string_view>(
    {"fluent", "language", "languages", "learn", "learning", "learns", "pronounce", "speak", "speaking",
     "speaks", "spoke", "spoken", "translate", "translated", "translates", "translating", "translation"});
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_one_of(words[i], speech))
      return true;
  return false;
}

// `in Spanish.`, but not `in German hands`.
bool is_put_into(std::string_view text, std::size_t end, const nearest_words& words) {
  if (words.empty() || (words[0] != "in" && words[0] != "into"))
    return false;
  const auto next = text.find_first_not_of(' ', end);
  return next == std::string_view::npos ||
         std::string_view{".,;:?!)\"'\n"}.find(text[next]) != std::string_view::npos;
}

bool may_be_group(std::string_view text, match_range where) {
  const nearest_words words{text, where.begin};
  return !is_followed_by_thing(text, where.end) && !follows_word_of_speech(words) &&
         !is_put_into(text, where.end, words);
}

} // namespace

bool is_plausible(entity kind, std::string_view text, match_range where) {
  const auto name = text.substr(where.begin, where.end - where.begin);
  switch (kind) {
  case entity::date_time: // dates in digits are the patterns' business, which know what a day is
    return has_word(name, 3);
  case entity::location:
    return may_be_place(name);
  case entity::person:
    return !is_thing(name);
  case entity::nrp:
    return !is_thing(name) && may_be_group(text, where);
  case entity::organization:
    return true;
  }
  return true;
}

} // namespace guardrails::checks::tagger
