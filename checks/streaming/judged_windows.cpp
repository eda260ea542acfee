// Remembers what the heads said when the last complete block ended.
#include "checks/streaming/judged_windows.hpp"

#include "checks/models/grams.hpp"
#include "checks/models/head_scorer.hpp"
#include "checks/models/windows.hpp"

#include <algorithm>
#include <utility>

namespace guardrails::checks::streaming {

namespace {

// What is found in a window may begin with the word before it.
constexpr std::size_t longest_neighbour = 256;

/// Counts blocks as window_scores does, and asks that one about complete blocks only.
class complete_blocks {
public:
  explicit complete_blocks(const models::head_model& weights) noexcept
    : scores_{weights}
    , at_block_end_{weights} {}

  void take(const models::token_grams& token) noexcept {
    scores_.take(token);
    if (!units_.fills(token.units))
      return;
    units_.start_again();
    at_block_end_ = scores_;
    previous_end_ = std::exchange(last_end_, token.end);
    ++blocks_;
  }

  void end_sentence() noexcept { scores_.end_sentence(); }

  judged_windows judge(models::head of) && {
    if (blocks_ < 2)
      return {};
    const auto scores = at_block_end_.finish();
    const auto& window = scores.greatest[models::index_of(of)];
    return {before(previous_end_), scores[of], before(window.begin), window.end};
  }

private:
  static std::size_t before(std::size_t place) noexcept { return place - std::min(place, longest_neighbour); }

  models::window_scores scores_;
  models::window_scores at_block_end_;
  models::unit_counter units_{models::block_units};
  std::size_t blocks_ = 0;
  std::size_t previous_end_ = 0;
  std::size_t last_end_ = 0;
};

} // namespace

judged_windows judge_windows(std::string_view normalised, const models::head_model& weights,
                             models::head of) {
  complete_blocks blocks{weights};
  models::gram_reader<complete_blocks> reader{blocks};
  reader.feed(normalised); // never finished: what the last bytes make of a word is not known yet
  return std::move(blocks).judge(of);
}

} // namespace guardrails::checks::streaming
