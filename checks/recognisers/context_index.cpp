// Numbers the context words, so that a hit compares numbers instead of words.
#include "checks/recognisers/context_index.hpp"

namespace guardrails::checks {

context_index::context_index(std::span<const recogniser> recognisers) {
  for (const auto& r : recognisers)
    for (const auto& word : r.context) {
      numbers_.try_emplace(word, numbers_.size());
      known_signatures_.set(signature(word));
    }
  for (const auto& r : recognisers) {
    auto& has = of_recogniser_.emplace_back(numbers_.size(), false);
    for (const auto& word : r.context)
      has[numbers_.at(word)] = true;
  }
}

std::size_t context_index::signature(std::string_view word) noexcept {
  if (word.empty())
    return 0;
  const std::size_t first = static_cast<unsigned char>(word.front());
  const std::size_t last = static_cast<unsigned char>(word.back());
  return (first + 33 * last + 257 * word.size()) % signatures;
}

std::size_t context_index::number_of(std::string_view word) const {
  if (!known_signatures_[signature(word)])
    return no_context_word;
  const auto known = numbers_.find(word);
  return known != numbers_.end() ? known->second : no_context_word;
}

void context_index::read(std::string_view text, std::size_t begin, preceding_words& before) const {
  if (before.begin == begin)
    return;
  before.begin = begin;
  before.words.read(text, begin);
  for (std::size_t i = 0; i < before.words.size(); ++i)
    before.numbers[i] = number_of(before.words[i]);
  before.name_other_number = names_other_number(before.words);
}

std::vector<std::string> context_index::matching(const preceding_words& before, const recogniser& r,
                                                 std::size_t index) const {
  if (!before.words.all_ascii()) // a word in a script without spaces may contain a known one
    return find_context(before.words, r.context);
  const auto& has = of_recogniser_[index];
  std::vector<std::string> found;
  for (std::size_t i = 0; i < before.words.size(); ++i)
    if (const auto number = before.numbers[i]; number != no_context_word && has[number])
      found.emplace_back(before.words[i]);
  return found;
}

} // namespace guardrails::checks
