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

bool is_digit_at(std::string_view text, std::size_t pos) {
  return pos < text.size() && text[pos] >= '0' && text[pos] <= '9';
}

// A part of a longer number is another number, and a short value may be a part of any word.
bool stands_for_itself(std::string_view text, match_range where, std::string_view value) {
  const auto cuts_number = [&](std::size_t edge) {
    return edge > 0 && is_digit_at(text, edge - 1) && is_digit_at(text, edge);
  };
  if (value.size() < known_values::least_unmistakable)
    return between_boundaries(text, where);
  return !cuts_number(where.begin) && !cuts_number(where.end);
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
  return {begin, values.size(), std::move(listed), word_list{words, "masked values", word_edges::anywhere}};
}

void known_values::compile(std::span<const found_value> values) {
  auto begin = levels_.empty() ? 0 : levels_.back().end;
  if (begin == values.size())
    return;
  for (auto i = begin; i < values.size(); ++i)
    places_.try_emplace(values[i].value, i);
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
      if (i == word_list::most_matches) { // stands for the rest of the text
        findings.push_back(to_finding(values[part.listed[matches[i].word]], where));
        continue;
      }
      // The list knows one of those that differ in case only; the letters say which one it is.
      const auto known = places_.find(std::string{text.substr(where.begin, where.end - where.begin)});
      if (known != places_.end() && stands_for_itself(normalised.text(), matches[i].where, known->first))
        findings.push_back(to_finding(values[known->second], where));
    }
  }
  return findings;
}

} // namespace guardrails::checks
