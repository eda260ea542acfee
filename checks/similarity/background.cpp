// The format: magic, format version, version of the n-grams, words, texts, checksum; then, from byte 64 on,
// weights of n-grams, hashes of words, their scales, their vectors, the usual meaning, texts, zeros up to a
// multiple of 8. Numbers are little-endian. Any weights within their bounds are safe to use.
#include "checks/similarity/background.hpp"

#include "checks/models/grams.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace guardrails::checks::similarity {

namespace {

using models::float_at;
using models::number32_at;
using models::number_at;
using models::put;
using models::put_float;

constexpr std::string_view magic = "GRBACKG\n";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t header_bytes = 64;
constexpr std::size_t gram_bytes = std::size_t{1} << gram_bits;
constexpr std::size_t usual_bytes = 4 * meaning_width;
constexpr std::size_t text_bytes = meaning_width + 2; // and its parts
constexpr std::size_t part_bytes = 3;
constexpr float greatest_scale = 1e3F;

constexpr std::size_t whole(std::size_t bytes) noexcept {
  return (bytes + 7) / 8 * 8;
}

constexpr std::size_t texts_begin(std::size_t words) noexcept {
  return header_bytes + gram_bytes + words * (4 + 4 + meaning_width) + usual_bytes;
}

std::int8_t signed_byte(std::uint8_t byte) noexcept {
  return static_cast<std::int8_t>(byte);
}

} // namespace

background::background(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < header_bytes)
    throw model_error{"the model is cut short"};
  if (!std::ranges::equal(bytes.first(magic.size()), magic, {}, {},
                          [](char c) { return static_cast<std::uint8_t>(c); }))
    throw model_error{"this is no background model"};
  if (number32_at(bytes, 8) != format_version)
    throw model_error{"the model has another format version"};
  if (number32_at(bytes, 12) != models::gram_version)
    throw model_error{"the model was trained with other n-grams"};
  const std::size_t words = number32_at(bytes, 16);
  const std::size_t texts = number32_at(bytes, 20);
  if (words > most_words || texts > most_texts)
    throw model_error{"the model's sizes are out of range"};
  if (bytes.size() < texts_begin(words) || bytes.size() % 8 != 0)
    throw model_error{"the model is cut short"};
  const auto sum = models::checksum(bytes.subspan(header_bytes));
  if (number_at(bytes, 24, 8) != sum)
    throw model_error{"the model is damaged"};
  version_ = models::version_of(sum);
  auto rest = bytes.subspan(header_bytes);
  const auto take = [&rest](std::size_t count) {
    const auto taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  };
  gram_weights_ = take(gram_bytes);
  keys_ = take(4 * words);
  scales_ = take(4 * words);
  vectors_ = take(meaning_width * words);
  const auto usual = take(usual_bytes);
  for (std::size_t i = 0; i < meaning_width; ++i)
    usual_[i] = float_at(usual, 4 * i);
  // Comparisons with what is no number are false.
  if (!std::ranges::all_of(usual_, [](float x) { return std::abs(x) <= 1; }))
    throw model_error{"the model's scales are out of range"};
  read_words(words);
  read_texts(rest, texts);
}

background background::keeping(std::vector<std::uint8_t> bytes) {
  auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  background made{*kept};
  made.kept_ = std::move(kept);
  return made;
}

void background::read_words(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && key(i - 1) >= key(i))
      throw model_error{"the model's words are out of order"};
    if (const auto scale = float_at(scales_, 4 * i); !(scale >= 0 && scale <= greatest_scale))
      throw model_error{"the model's scales are out of range"};
  }
}

void background::read_texts(std::span<const std::uint8_t> bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (bytes.size() < text_bytes)
      throw model_error{"the model is cut short"};
    auto& text = texts_.emplace_back();
    std::ranges::transform(bytes.first(meaning_width), text.meaning.begin(), signed_byte);
    const auto parts = static_cast<std::size_t>(number_at(bytes, meaning_width, 2));
    bytes = bytes.subspan(text_bytes);
    if (bytes.size() < parts * part_bytes)
      throw model_error{"the model is cut short"};
    for (std::size_t p = 0; p < parts; ++p) {
      const auto place = static_cast<std::uint16_t>(number_at(bytes, p * part_bytes, 2));
      const auto ascends = text.wording.empty() || text.wording.back().place < place;
      if (!ascends || place >= wording_width)
        throw model_error{"the model's texts are out of range"};
      text.wording.push_back({place, signed_byte(bytes[p * part_bytes + 2])});
    }
    bytes = bytes.subspan(parts * part_bytes);
  }
  if (bytes.size() >= 8)
    throw model_error{"bytes follow the model"};
}

// Hashes lie evenly, so that a word is near the place its hash says.
std::optional<background::word> background::find(std::uint32_t hash) const noexcept {
  const auto count = keys_.size() / 4;
  std::size_t low = 0;
  std::size_t high = count;
  for (bool even = true; low < high; even = false) {
    auto at = low + (high - low) / 2;
    if (even)
      at = static_cast<std::size_t>(std::uint64_t{hash} * count >> 32);
    const auto found = key(at);
    if (found == hash)
      return word{vectors_.subspan(at * meaning_width).first<meaning_width>(), float_at(scales_, 4 * at)};
    if (found < hash)
      low = at + 1;
    else
      high = at;
  }
  return std::nullopt;
}

std::vector<std::uint8_t> write(const background_contents& contents) {
  const auto words = contents.words.size();
  auto size = texts_begin(words);
  for (const auto& text : contents.texts)
    size += text_bytes + text.wording.size() * part_bytes;
  std::vector<std::uint8_t> out(whole(size));
  std::ranges::transform(magic, out.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  put(out, 8, format_version, 4);
  put(out, 12, models::gram_version, 4);
  put(out, 16, words, 4);
  put(out, 20, contents.texts.size(), 4);
  std::size_t at = header_bytes;
  for (const auto weight : contents.gram_weights)
    out[at++] = weight;
  for (const auto& w : contents.words) {
    put(out, at, w.hash, 4);
    at += 4;
  }
  for (const auto& w : contents.words) {
    put_float(out, at, w.scale);
    at += 4;
  }
  const auto put_vector = [&](const word_vector& v) {
    for (const auto number : v)
      out[at++] = static_cast<std::uint8_t>(number);
  };
  for (const auto& w : contents.words)
    put_vector(w.vector);
  for (const auto number : contents.usual_meaning) {
    put_float(out, at, number);
    at += 4;
  }
  for (const auto& text : contents.texts) {
    put_vector(text.meaning);
    put(out, at, text.wording.size(), 2);
    at += 2;
    for (const auto& [place, value] : text.wording) {
      put(out, at, place, 2);
      out[at + 2] = static_cast<std::uint8_t>(value);
      at += part_bytes;
    }
  }
  put(out, 24, models::checksum(std::span{out}.subspan(header_bytes)), 8);
  return out;
}

} // namespace guardrails::checks::similarity
