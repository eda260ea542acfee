// Keeps automata of growing size, of which equal ones are merged.
#include "checks/known_values.hpp"

#include "checks/normalise.hpp"
#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <string>
#include <utility>

namespace guardrails::checks {

namespace {

bool is_listable(const std::string& value) {
  if (value.size() > word_list::max_word_bytes)
    return false;
  const auto normalised = normalise(value);
  const auto text = normalised.text();
  for (std::size_t pos = 0; pos < text.size(); pos += decode_at(text, pos).length)
    if (!is_space(decode_at(text, pos).value))
      return true;
  return false;
}

finding to_finding(const found_value& known, match_range where) {
  finding f;
  f.check = "pii";
  f.entity = known.entity;
  f.span = {where.begin, where.end};
  std::string mask = "<";
  f.replacement = mask.append(known.entity).append(">");
  return f;
}

} // namespace

known_values::level known_values::compile(std::span<const found_value> values, std::size_t begin) {
  std::vector<std::string> words;
  std::vector<std::size_t> listed;
  for (auto i = begin; i < values.size(); ++i) {
    if (!is_listable(values[i].value))
      continue;
    words.push_back(values[i].value);
    listed.push_back(i);
  }
  return {begin, values.size(), std::move(listed), word_list{words, "masked values"}};
}

void known_values::compile(std::span<const found_value> values) {
  auto begin = levels_.empty() ? 0 : levels_.back().end;
  if (begin == values.size())
    return;
  while (!levels_.empty() && levels_.back().end - levels_.back().begin <= values.size() - begin) {
    begin = levels_.back().begin;
    levels_.pop_back();
  }
  levels_.push_back(compile(values, begin));
}

std::vector<finding> known_values::find(std::string_view text, std::span<const found_value> values) {
  compile(values);
  std::vector<finding> findings;
  const auto normalised = normalise(text);
  for (const auto& part : levels_) {
    const auto matches = part.words.find_bounded(normalised.text());
    for (std::size_t i = 0; i < matches.size(); ++i) {
      const auto where = normalised.to_original(matches[i].where);
      const auto& known = values[part.listed[matches[i].word]];
      const bool rest_of_flood = i == word_list::most_matches;
      if (rest_of_flood || text.substr(where.begin, where.end - where.begin) == known.value)
        findings.push_back(to_finding(known, where));
    }
  }
  return findings;
}

} // namespace guardrails::checks
