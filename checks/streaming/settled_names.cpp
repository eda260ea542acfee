// Counts the words that follow the begin of each window.
#include "checks/streaming/settled_names.hpp"

#include "checks/tagger/windows.hpp"

#include <vector>

namespace guardrails::checks::streaming {

namespace {

struct window_begin {
  std::size_t place;
  std::size_t tokens_before;
};

} // namespace

std::size_t settled_names(std::string_view text, const tagger::model& weights) {
  std::vector<window_begin> begins;
  std::size_t tokens = 0;
  tagger::windows all{text, weights.lists()};
  for (auto window = all.next(); !window.empty(); window = all.next()) {
    begins.push_back({window.front().begin, tokens});
    tokens += window.size();
  }
  // The last token may go on, and so may not say yet where a window ends.
  for (const auto& begin : begins)
    if (tokens - begin.tokens_before <= tagger::token_looks::most_tokens)
      return begin.place;
  return begins.empty() ? 0 : text.size();
}

} // namespace guardrails::checks::streaming
