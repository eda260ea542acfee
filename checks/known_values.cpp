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
  const auto normalised = normalise(value, lookalikes::in_mixed_words, emphasis::keep);
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

void known_values::compile(std::span<const found_value> values) {
  auto begin = levels_.empty() ? 0 : levels_.back().end;
  if (begin == values.size())
    return;
  while (!levels_.empty() && levels_.back().end - levels_.back().begin <= values.size() - begin) {
    begin = levels_.back().begin;
    levels_.pop_back();
  }
  const auto search_for = [&](word_edges edges) {
    std::vector<std::string> words;
    std::vector<std::size_t> listed;
    for (auto i = begin; i < values.size(); ++i) {
      const auto& value = values[i].value;
      if ((value.size() < least_unmistakable) != (edges == word_edges::boundaries) || !is_listable(value))
        continue;
      words.push_back(value);
      listed.push_back(i);
    }
    return searched_values{std::move(listed), word_list{words, "masked values", edges, word_case::exact}};
  };
  levels_.push_back(
    {begin, values.size(), search_for(word_edges::boundaries), search_for(word_edges::outside_numbers)});
}

std::vector<finding> known_values::find(std::string_view text, std::span<const found_value> values) {
  compile(values);
  std::vector<finding> findings;
  const auto normalised = normalise(text, lookalikes::in_mixed_words, emphasis::keep);
  for (const auto& part : levels_)
    for (const auto* some : {&part.short_ones, &part.long_ones})
      for (const auto& match : some->words.find_bounded(normalised.text()))
        findings.push_back(to_finding(values[some->listed[match.word]], normalised.to_original(match.where)));
  return findings;
}

} // namespace guardrails::checks
