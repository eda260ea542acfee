// Numbers the context words, so that a hit compares numbers instead of words.
#include "checks/recognisers/context_index.hpp"

#include "checks/recognisers/context.hpp"

#include <algorithm>

namespace guardrails::checks {

context_index::context_index(std::span<const recogniser> recognisers) {
  for (const auto& r : recognisers)
    for (const auto& word : r.context)
      numbers_.try_emplace(word, numbers_.size());
  for (const auto& r : recognisers) {
    auto& has = of_recogniser_.emplace_back(numbers_.size(), false);
    for (const auto& word : r.context)
      has[numbers_.at(word)] = true;
  }
}

void context_index::read(std::string_view text, std::size_t begin, preceding_words& before) const {
  if (before.begin == begin)
    return;
  before.begin = begin;
  before.words = words_before(text, begin);
  before.numbers.clear();
  before.all_ascii = true;
  for (const auto& word : before.words) {
    before.all_ascii &=
      std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const auto known = numbers_.find(word);
    before.numbers.push_back(known != numbers_.end() ? known->second : no_context_word);
  }
  before.name_other_number = names_other_number(before.words);
}

std::vector<std::string> context_index::matching(const preceding_words& before, const recogniser& r,
                                                 std::size_t index) const {
  if (!before.all_ascii) // a word in a script without spaces may contain a known one
    return find_context(before.words, r.context);
  const auto& has = of_recogniser_[index];
  std::vector<std::string> found;
  for (std::size_t i = 0; i < before.words.size(); ++i)
    if (const auto number = before.numbers[i]; number != no_context_word && has[number])
      found.push_back(before.words[i]);
  return found;
}

} // namespace guardrails::checks
