// The format: magic, version, fingerprint of features and lists, sizes, checksum; then transitions, usual
// words, weights. Numbers are little-endian. The checksum (FNV-1a) is against damage, not against forgery:
// any weights within their bounds are safe to use.
#include "checks/tagger/model.hpp"

#include "checks/tagger/word_hash.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <string_view>

namespace guardrails::checks::tagger {

namespace {

constexpr std::string_view magic = "GRTAGGER";
constexpr std::uint32_t format_version = 1;

std::uint64_t checksum(std::span<const std::uint8_t> bytes) noexcept {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (const auto byte : bytes)
    h = (h ^ byte) * 0x100000001B3U;
  return h;
}

class reader {
public:
  explicit reader(std::span<const std::uint8_t> bytes) noexcept
    : rest_{bytes} {}

  std::span<const std::uint8_t> take(std::size_t count) {
    if (count > rest_.size())
      throw model_error{"the model is cut short"};
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const auto byte : take(bytes)) {
      value |= std::uint64_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  std::uint32_t number32() { return static_cast<std::uint32_t>(number(4)); }

  std::span<const std::uint8_t> rest() const noexcept { return rest_; }

private:
  std::span<const std::uint8_t> rest_;
};

void put(std::vector<std::uint8_t>& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i)
    out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

std::uint32_t build_fingerprint(const gazetteers& lists) noexcept {
  return mix(lists.fingerprint(), feature_version);
}

struct sizes {
  std::uint32_t units_per_one;
  unsigned bucket_bits;
};

sizes read_header(reader& in, const gazetteers& lists) {
  if (!std::ranges::equal(in.take(magic.size()), magic, {}, {},
                          [](char c) { return static_cast<std::uint8_t>(c); }))
    throw model_error{"this is no tagger model"};
  if (in.number32() != format_version)
    throw model_error{"the model has another format version"};
  if (in.number32() != build_fingerprint(lists))
    throw model_error{"the model was trained with other features or word lists"};
  const auto labels = in.number32();
  const auto units = in.number32();
  const auto bucket_bits = in.number32();
  const auto vocabulary_bits = in.number32();
  if (labels != label_count || vocabulary_bits != vocabulary::bits || units == 0 ||
      units > model::most_units_per_one || bucket_bits < model::least_bucket_bits ||
      bucket_bits > model::most_bucket_bits)
    throw model_error{"the model's sizes are out of range"};
  if (in.number(8) != checksum(in.rest()))
    throw model_error{"the model is damaged"};
  return {units, bucket_bits};
}

std::span<const std::uint8_t, vocabulary::bytes> no_words() noexcept {
  static constexpr std::array<std::uint8_t, vocabulary::bytes> none{};
  return none;
}

} // namespace

model::model(std::span<const std::uint8_t> bytes)
  : usual_words_{no_words()} {
  reader in{bytes};
  const auto [units, bucket_bits] = read_header(in, lists_);
  units_per_one_ = units;
  bucket_mask_ = (1U << bucket_bits) - 1;
  for (auto& row : transitions_)
    row.fill(forbidden);
  for (label from = 0; from < label_count; ++from)
    for (label to = 0; to < label_count; ++to) {
      const auto weight = static_cast<std::int16_t>(in.number(2));
      if (weight > most_transition || weight < -most_transition)
        throw model_error{"the model's transitions are out of range"};
      if (may_follow(from, to))
        transitions_[from][to] = weight;
    }
  for (label to = 0; to < label_count; ++to)
    if (!is_inside(to))
      transitions_[row_width - 1][to] = 0;
  greatest_transitions_.fill(forbidden);
  for (label from = 0; from < label_count; ++from)
    for (label to = 0; to < label_count; ++to)
      greatest_transitions_[to] = std::max(greatest_transitions_[to], transitions_[from][to]);
  fill_factors();
  usual_words_ = vocabulary{in.take(vocabulary::bytes).first<vocabulary::bytes>()};
  weights_ = in.take(row_width << bucket_bits);
  if (!in.rest().empty())
    throw model_error{"bytes follow the model"};
}

// Only their ratios matter, so the greatest is 1: none is too great for a float, whatever the file says.
void model::fill_factors() {
  std::int16_t highest = 0;
  for (const auto& row : transitions_)
    highest = std::max(highest, *std::ranges::max_element(row));
  const auto power = [&](int units) {
    return std::exp(static_cast<float>(units) / static_cast<float>(units_per_one_));
  };
  for (std::size_t i = 0; i < powers_.size(); ++i)
    powers_[i] = power(-static_cast<int>(i));
  for (std::size_t from = 0; from < row_width; ++from)
    for (std::size_t to = 0; to < row_width; ++to)
      factors_from_[from][to] = factors_to_[to][from] = power(transitions_[from][to] - highest);
}

scores model::score(const token_features& features) const noexcept {
  scores sum{};
  for (const auto feature : features.used()) {
    const auto row = weights_.subspan((feature & bucket_mask_) * row_width).first<row_width>();
    for (std::size_t i = 0; i < row_width; ++i)
      sum[i] = static_cast<std::int16_t>(sum[i] + static_cast<std::int8_t>(row[i]));
  }
  return sum;
}

std::vector<std::uint8_t> write(const model_contents& contents) {
  std::vector<std::uint8_t> body;
  for (const auto& row : contents.transitions)
    for (const auto weight : row)
      put(body, static_cast<std::uint16_t>(weight), 2);
  body.insert(body.end(), contents.usual_words.begin(), contents.usual_words.end());
  std::ranges::transform(contents.weights, std::back_inserter(body),
                         [](std::int8_t w) { return static_cast<std::uint8_t>(w); });
  std::vector<std::uint8_t> out(magic.begin(), magic.end());
  put(out, format_version, 4);
  put(out, build_fingerprint(gazetteers::all()), 4);
  put(out, label_count, 4);
  put(out, contents.units_per_one, 4);
  put(out, std::bit_width(contents.weights.size() / row_width) - 1, 4);
  put(out, vocabulary::bits, 4);
  put(out, checksum(body), 8);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

} // namespace guardrails::checks::tagger
