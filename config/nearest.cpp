// Edit distance in two dimensions; words are cut short, so that a hostile key cannot make it slow.
#include "config/nearest.hpp"

#include <algorithm>
#include <vector>

namespace guardrails::config {

namespace {

constexpr std::size_t longest_word = 64;

std::string folded(std::string_view word) {
  std::string result{word.substr(0, longest_word)};
  for (auto& c : result) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    else if (c == '-' || c == ' ')
      c = '_';
  }
  return result;
}

} // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  const auto width = right.size() + 1;
  std::vector<std::size_t> cells((left.size() + 1) * width);
  const auto cell = [&](std::size_t row, std::size_t column) -> std::size_t& {
    return cells[row * width + column];
  };
  for (std::size_t i = 0; i <= left.size(); ++i)
    cell(i, 0) = i;
  for (std::size_t j = 0; j <= right.size(); ++j)
    cell(0, j) = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = left[i - 1] == right[j - 1] ? 0 : 1;
      auto& best = cell(i, j);
      best = std::min({cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        best = std::min(best, cell(i - 2, j - 2) + 1);
    }
  }
  return cells.back();
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > longest_word)
    return {};
  const auto wanted = folded(word);
  std::string_view best;
  auto best_distance = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(wanted, folded(candidate));
    // A word may not be replaced as a whole: `a` is not a misspelled `b`.
    if (distance < best_distance && distance < std::max(wanted.size(), candidate.size())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

} // namespace guardrails::config
