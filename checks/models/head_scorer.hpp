// What the heads say about a text.
#pragma once

#include "checks/models/grams.hpp"
#include "checks/models/head_model.hpp"
#include "checks/models/windows.hpp"
#include "checks/pattern_engine.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace guardrails::checks::models {

/// A part of a normalised text, in bytes: a window or a sentence.
struct text_part {
  std::uint32_t reads_from = 0; ///< what lies before it and has a say in what its words count
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A probability for each head of a model; 0 for those that it does not have. Those that refine a head are
/// about the window where that one is greatest.
struct head_scores {
  std::array<float, head_count> probabilities{};
  std::array<text_part, head_count> greatest{}; ///< where each head is surest

  float operator[](head h) const noexcept { return probabilities[index_of(h)]; }
};

/// Sums of weights over a part of a text.
struct weight_sums {
  std::array<std::int32_t, row_width> columns{};
  std::uint32_t grams = 0;

  void add(const std::array<std::int16_t, row_width>& token, std::size_t count) noexcept {
    for (std::size_t i = 0; i < row_width; ++i)
      columns[i] += token[i];
    grams += static_cast<std::uint32_t>(count);
  }

  friend weight_sums operator+(weight_sums a, const weight_sums& b) noexcept {
    for (std::size_t i = 0; i < row_width; ++i)
      a.columns[i] += b.columns[i];
    a.grams += b.grams;
    return a;
  }
};

/// Takes the tokens of one text, and keeps of each head what its greatest window (of injection_data:
/// sentence) says. Constant memory, none of it on the heap.
class window_scores {
public:
  explicit window_scores(const head_model& weights) noexcept
    : model_{&weights} {}

  void take(const token_grams& token) noexcept;
  void end_sentence() noexcept;

  /// After the last token.
  head_scores finish() noexcept;

private:
  void end_block() noexcept;
  void judge_window(const weight_sums& sums) noexcept;
  text_part part_from(std::uint32_t begin) const noexcept;

  const head_model* model_;
  weight_sums sentence_;
  weight_sums block_;
  weight_sums previous_;
  unit_counter sentence_units_{longest_sentence};
  unit_counter block_units_{block_units};
  std::uint32_t blocks_ = 0;
  std::uint32_t windows_ = 0;
  std::uint32_t sentences_ = 0;
  std::array<float, row_width> greatest_{}; // sums, evened
  std::array<text_part, head_count> places_{};
  std::array<std::uint32_t, words_around / block_units + 2> block_begins_{}; // of the last ones, in order
  std::uint32_t sentence_begin_ = 0;
  std::uint32_t end_ = 0; // of the last token
};

/// Judges a text that comes in chunks, cut anywhere; what it says is what score() says of the whole.
class stream_scorer {
public:
  explicit stream_scorer(const head_model& weights) noexcept
    : scores_{weights} {}

  // The reader refers to the scores beside it.
  stream_scorer(const stream_scorer&) = delete;
  stream_scorer& operator=(const stream_scorer&) = delete;

  void feed(std::string_view chunk) { reader_.feed(chunk); }

  head_scores finish() {
    reader_.finish();
    return scores_.finish();
  }

private:
  window_scores scores_;
  gram_reader<window_scores> reader_{scores_};
};

/// Judges a text that has been normalised (normalise.hpp). Takes any bytes; linear; nothing is taken from the
/// heap.
head_scores score_normalised(std::string_view text, const head_model& weights);

/// The same of a text as it was written.
head_scores score(std::string_view text, const head_model& weights = embedded_heads());

/// An n-gram that spoke for a head.
struct telling_gram {
  match_range where;
  double weight = 0; ///< what it adds to the logarithm of the odds
};

/// Why a head said so: the window, or sentence, where it is greatest, and in it the n-grams that weighed
/// most, the weightiest first and none overlapping.
struct explanation {
  match_range window;
  std::vector<telling_gram> grams;
};

/// `scores` are those of the same text. Reads no more of it than the window and what has a say in it.
explanation explain(std::string_view normalised, const head_model& weights, head of,
                    const head_scores& scores, std::size_t most = 5);

} // namespace guardrails::checks::models
