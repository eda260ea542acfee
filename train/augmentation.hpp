// Makes more rows out of rows: what surrounds an attack, and how it is written, is not what makes it one.
#pragma once

#include "train/labelled_text.hpp"
#include "train/random.hpp"

#include <span>
#include <string>
#include <vector>

namespace guardrails::train {

/// How many rows are made.
struct augmentation {
  std::size_t most = 4'000; ///< positive rows that the next three look at

  double joined =
    1; ///< positive rows beside a negative one, for each positive row; twice as many negative pairs
  double long_joined = 0.3; ///< negative rows of 4 to 15 put together, for each positive row
  double obfuscated = 0.1;  ///< for each row of either kind, so that disguise alone says nothing
  unsigned carried = 8;     ///< for each carrier: positive rows, and as many negative ones, in its place
};

struct made_row {
  labelled_text row;
  bool in_part = false; ///< only a part of the text is what the label is about
};

/// The rows made, without those they are made of.
std::vector<made_row> augment(std::span<const labelled_text* const> rows,
                              std::span<const std::string> carriers, const augmentation& how,
                              random_source& random);

} // namespace guardrails::train
