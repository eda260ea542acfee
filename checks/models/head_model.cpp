// The format: magic, format version, version of the n-grams, logarithm of the number of rows, heads,
// checksum; then, from byte 64 on, the scales of all heads, zeros up to a multiple of 64, rows of weights.
// Numbers are little-endian. The checksum is against damage, not against forgery: any weights are safe to
// use.
#include "checks/models/head_model.hpp"

#include "checks/models/grams.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace guardrails::checks::models {

namespace {

constexpr std::string_view magic = "GRHEADS\n";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t header_bytes = 64;
constexpr std::size_t scale_bytes = 4;
constexpr std::size_t scales_end = header_bytes + head_count * 3 * scale_bytes;
constexpr std::size_t weights_begin = (scales_end + 63) / 64 * 64;
constexpr float greatest_gain = 1e6F;
constexpr float greatest_offset = 1e3F;

head_scale scale_at(std::span<const std::uint8_t> bytes, std::size_t index) {
  const auto part = [&](std::size_t i) {
    return float_at(bytes, header_bytes + (index * 3 + i) * scale_bytes);
  };
  const head_scale s{part(0), part(1), part(2)};
  // Comparisons with what is no number are false.
  if (!(std::abs(s.gain) <= greatest_gain && std::abs(s.offset) <= greatest_offset && s.threshold >= 0 &&
        s.threshold <= 1))
    throw model_error{"the model's scales are out of range"};
  return s;
}

} // namespace

head_model::head_model(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < weights_begin)
    throw model_error{"the model is cut short"};
  if (!std::ranges::equal(bytes.first(magic.size()), magic, {}, {},
                          [](char c) { return static_cast<std::uint8_t>(c); }))
    throw model_error{"this is no model of heads"};
  if (number32_at(bytes, 8) != format_version)
    throw model_error{"the model has another format version"};
  if (number32_at(bytes, 12) != gram_version)
    throw model_error{"the model was trained with other n-grams"};
  const auto bits = number32_at(bytes, 16);
  const auto heads = number32_at(bytes, 20);
  if (bits < least_bucket_bits || bits > most_bucket_bits || heads >> head_count != 0)
    throw model_error{"the model's sizes are out of range"};
  const auto size = weights_begin + (row_width << bits);
  if (bytes.size() != size)
    throw model_error{bytes.size() < size ? "the model is cut short" : "bytes follow the model"};
  const auto sum = checksum(bytes.subspan(header_bytes));
  if (number_at(bytes, 24, 8) != sum)
    throw model_error{"the model is damaged"};
  heads_ = heads;
  shift_ = 32 - bits;
  for (std::size_t i = 0; i < head_count; ++i)
    scales_[i] = scale_at(bytes, i);
  check_header(bytes);
  weights_ = bytes.subspan(weights_begin);
  version_ = version_of(sum);
}

// What the checksum does not cover: which heads there are, and what is unused.
void head_model::check_header(std::span<const std::uint8_t> bytes) const {
  constexpr std::size_t used = 32;
  const auto unused = bytes.subspan(used, header_bytes - used);
  bool sound = std::ranges::all_of(unused, [](std::uint8_t b) { return b == 0; });
  for (std::size_t i = 0; i < head_count; ++i)
    sound &= heads_[i] == (scales_[i].gain != 0 || scales_[i].offset != 0);
  if (!sound)
    throw model_error{"the model is damaged"};
}

head_model head_model::keeping(std::vector<std::uint8_t> bytes) {
  auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  head_model made{*kept};
  made.kept_ = std::move(kept);
  return made;
}

model_contents head_model::contents() const {
  model_contents made{heads_, scales_, std::vector<weight_row>(weights_.size() / row_width)};
  std::memcpy(made.weights.data(), weights_.data(), weights_.size());
  return made;
}

std::vector<std::uint8_t> write(const model_contents& contents) {
  std::vector<std::uint8_t> out(weights_begin + contents.weights.size() * row_width);
  std::ranges::transform(magic, out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  put(out, 8, format_version, 4);
  put(out, 12, gram_version, 4);
  put(out, 16, std::bit_width(contents.weights.size()) - 1, 4);
  put(out, 20, contents.heads.to_ulong(), 4);
  for (std::size_t i = 0; i < head_count; ++i) {
    const auto& s = contents.scales[i];
    auto at = header_bytes + i * 3 * scale_bytes;
    for (const auto part : {s.gain, s.offset, s.threshold}) {
      put_float(out, at, part);
      at += scale_bytes;
    }
  }
  std::memcpy(out.data() + weights_begin, contents.weights.data(), contents.weights.size() * row_width);
  put(out, 24, checksum(std::span{out}.subspan(header_bytes)), 8);
  return out;
}

model_contents replace_heads(const model_contents& base, const model_contents& own) {
  if (own.weights.size() != base.weights.size())
    throw model_error{"the models have different sizes"};
  auto made = base;
  made.heads |= own.heads;
  for (std::size_t i = 0; i < head_count; ++i) {
    if (!own.heads[i])
      continue;
    made.scales[i] = own.scales[i];
    for (std::size_t row = 0; row < made.weights.size(); ++row)
      made.weights[row][i] = own.weights[row][i];
  }
  return made;
}

model_contents join(std::span<const model_contents> parts) {
  if (parts.empty())
    throw model_error{"there is nothing to join"};
  auto made = parts.front();
  for (const auto& part : parts.subspan(1)) {
    if ((made.heads & part.heads).any())
      throw model_error{"two of the models to join have the same head"};
    made = replace_heads(made, part);
  }
  return made;
}

} // namespace guardrails::checks::models
