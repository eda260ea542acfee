// Positive pointwise mutual information, and its leading eigenvectors by subspace iteration.
#include "train/word_vectors.hpp"

#include "train/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

namespace guardrails::train {

namespace {

constexpr std::size_t spare_directions = 8; // for the iteration to settle
constexpr unsigned iterations = 4;
constexpr unsigned sweeps = 12; // of Jacobi's method
constexpr double evened = 0.75; // exponent of how common a neighbour is (O. Levy et al., 2015)

struct counted_words {
  std::vector<std::uint32_t> hashes; ///< ascending
  std::vector<double> shares;

  std::size_t size() const { return hashes.size(); }
};

constexpr double rounding = 1e-9; // share of a length that is nothing

/// Numbers in rows: one for each word.
using matrix = std::vector<std::vector<double>>;

struct association {
  std::uint32_t with;
  float strength;
};
using associations = std::vector<std::vector<association>>;

counted_words count(std::span<const std::vector<std::uint32_t>> texts, std::size_t least) {
  std::map<std::uint32_t, std::size_t> counts;
  for (const auto& text : texts)
    for (const auto word : text)
      ++counts[word];
  counted_words words;
  double total = 0;
  for (const auto& [hash, n] : counts)
    if (n >= least) {
      words.hashes.push_back(hash);
      words.shares.push_back(static_cast<double>(n));
      total += static_cast<double>(n);
    }
  for (auto& share : words.shares)
    share /= total;
  return words;
}

using pair_counts = std::unordered_map<std::uint64_t, float>;

pair_counts count_pairs(std::span<const std::vector<std::uint32_t>> texts, const counted_words& words,
                        std::size_t reach) {
  pair_counts pairs;
  std::vector<std::size_t> places;
  for (const auto& text : texts) {
    places.clear();
    for (const auto word : text) {
      const auto found = std::ranges::lower_bound(words.hashes, word);
      const auto known = found != words.hashes.end() && *found == word;
      places.push_back(known ? static_cast<std::size_t>(found - words.hashes.begin()) : words.size());
    }
    for (std::size_t i = 0; i < places.size(); ++i)
      for (auto j = i + 1; j < std::min(places.size(), i + 1 + reach); ++j)
        if (const auto [a, b] = std::minmax(places[i], places[j]); b < words.size() && a != b)
          ++pairs[std::uint64_t{a} << 32 | b];
  }
  return pairs;
}

associations associate(const pair_counts& pairs, std::size_t words) {
  std::vector<double> together(words);
  for (const auto& [pair, n] : pairs) {
    together[pair >> 32] += static_cast<double>(n);
    together[pair & 0xFFFFFFFF] += static_cast<double>(n);
  }
  auto common = together;
  for (auto& c : common)
    c = std::pow(c, evened);
  const auto total = std::accumulate(common.begin(), common.end(), 0.0);
  associations made(words);
  for (const auto& [pair, n] : pairs) {
    const auto a = static_cast<std::uint32_t>(pair >> 32);
    const auto b = static_cast<std::uint32_t>(pair & 0xFFFFFFFF);
    const auto scaled = static_cast<double>(n) * total;
    const auto strength = static_cast<float>(
      (std::log(scaled / (together[a] * common[b])) + std::log(scaled / (together[b] * common[a]))) / 2);
    if (strength > 0) {
      made[a].push_back({b, strength});
      made[b].push_back({a, strength});
    }
  }
  // In one order, whatever the table's: sums depend on it.
  for (auto& row : made)
    std::ranges::sort(row, {}, &association::with);
  return made;
}

matrix times(const associations& by, const matrix& x) {
  matrix made(x.size(), std::vector<double>(x.front().size()));
  for (std::size_t i = 0; i < by.size(); ++i)
    for (const auto& [with, strength] : by[i])
      for (std::size_t k = 0; k < x[with].size(); ++k)
        made[i][k] += static_cast<double>(strength) * x[with][k];
  return made;
}

double length_of(const matrix& x, std::size_t column) {
  double squares = 0;
  for (const auto& row : x)
    squares += row[column] * row[column];
  return std::sqrt(squares);
}

/// Columns of length 1, each at right angles to those before (Gram and Schmidt, twice over); of one that
/// depends on those nothing but rounding is left, and it becomes zeros.
void make_orthonormal(matrix& x) {
  const auto columns = x.front().size();
  for (std::size_t a = 0; a < columns; ++a) {
    const auto whole = length_of(x, a);
    for (unsigned again = 0; again < 2; ++again) {
      std::vector<double> along(a);
      for (const auto& row : x)
        for (std::size_t b = 0; b < a; ++b)
          along[b] += row[a] * row[b];
      for (auto& row : x)
        for (std::size_t b = 0; b < a; ++b)
          row[a] -= along[b] * row[b];
    }
    const auto length = length_of(x, a);
    const auto scale = length > rounding * whole ? 1 / length : 0;
    for (auto& row : x)
      row[a] *= scale;
  }
}

struct eigen {
  matrix vectors; ///< in columns
  std::vector<double> values;
};

void rotate(matrix& of, matrix& vectors, std::size_t p, std::size_t q) {
  const auto angle = (of[q][q] - of[p][p]) / (2 * of[p][q]);
  const auto tangent = (angle >= 0 ? 1 : -1) / (std::abs(angle) + std::sqrt(angle * angle + 1));
  const auto cosine = 1 / std::sqrt(tangent * tangent + 1);
  const auto sine = tangent * cosine;
  const auto turn = [&](double& x, double& y) {
    const auto was = x;
    x = cosine * was - sine * y;
    y = sine * was + cosine * y;
  };
  for (auto& row : of)
    turn(row[p], row[q]);
  for (std::size_t k = 0; k < of.size(); ++k)
    turn(of[p][k], of[q][k]);
  for (auto& row : vectors)
    turn(row[p], row[q]);
}

/// Of a small symmetric matrix (Jacobi).
eigen eigen_of(matrix of) {
  const auto size = of.size();
  eigen made{matrix(size, std::vector<double>(size)), std::vector<double>(size)};
  for (std::size_t i = 0; i < size; ++i)
    made.vectors[i][i] = 1;
  for (unsigned sweep = 0; sweep < sweeps; ++sweep)
    for (std::size_t p = 0; p < size; ++p)
      for (auto q = p + 1; q < size; ++q)
        if (std::abs(of[p][q]) > 1e-9)
          rotate(of, made.vectors, p, q);
  for (std::size_t i = 0; i < size; ++i)
    made.values[i] = of[i][i];
  return made;
}

matrix within(const matrix& basis, const matrix& image) {
  const auto size = basis.front().size();
  matrix made(size, std::vector<double>(size));
  for (std::size_t i = 0; i < basis.size(); ++i)
    for (std::size_t a = 0; a < size; ++a)
      for (std::size_t b = 0; b <= a; ++b)
        made[a][b] += (basis[i][a] * image[i][b] + basis[i][b] * image[i][a]) / 2;
  for (std::size_t a = 0; a < size; ++a)
    for (std::size_t b = 0; b < a; ++b)
      made[b][a] = made[a][b];
  return made;
}

matrix random_basis(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  random_source random{seed};
  matrix made(rows, std::vector<double>(columns));
  for (auto& row : made)
    for (auto& x : row)
      x = static_cast<double>(random.below(20'001)) - 10'000;
  make_orthonormal(made);
  return made;
}

} // namespace

std::vector<trained_word> train_words(std::span<const std::vector<std::uint32_t>> texts,
                                      const word_settings& how,
                                      const std::function<void(const std::string&)>& tell) {
  const auto words = count(texts, how.least_count);
  if (words.size() == 0)
    return {};
  const auto together = associate(count_pairs(texts, words, how.reach), words.size());
  tell(std::to_string(words.size()) + " words");
  auto basis =
    random_basis(words.size(), std::min(how.dimensions + spare_directions, words.size()), how.seed);
  for (unsigned i = 0; i < iterations; ++i) {
    basis = times(together, basis);
    make_orthonormal(basis);
  }
  const auto [directions, values] = eigen_of(within(basis, times(together, basis)));
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t d) { return std::abs(values[d]); });
  order.resize(std::min(order.size(), how.dimensions));
  std::vector<trained_word> made;
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto& word =
      made.emplace_back(trained_word{words.hashes[i], words.shares[i], std::vector<float>(how.dimensions)});
    for (std::size_t d = 0; d < order.size(); ++d) {
      double along = 0;
      for (std::size_t k = 0; k < basis[i].size(); ++k)
        along += basis[i][k] * directions[k][order[d]];
      word.vector[d] = static_cast<float>(along * std::sqrt(std::abs(values[order[d]])));
    }
  }
  return made;
}

} // namespace guardrails::train
