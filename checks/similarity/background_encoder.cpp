// Sums up the words and n-grams of a text in one pass.
#include "checks/similarity/background_encoder.hpp"

#include "checks/models/grams.hpp"

#include <algorithm>

namespace guardrails::checks::similarity {

namespace {

// Shares of a vector of length 1: a quarter of a cosine is meaning, the rest wording.
constexpr float meaning_share = 0.5F;
constexpr float wording_share = 0.8660254F;

constexpr std::size_t chunk_bytes = 4096; // between two looks whether to stop

struct vector_sink {
  const background& model;
  std::span<float> meaning;
  std::span<float> wording;

  void take(const models::token_grams& token) noexcept {
    for (std::size_t g = 0; g < token.count; ++g) {
      const auto hash = token.hashes[g];
      const auto mixed = hash * 0x9E3779B1U;
      const auto weight = model.weight(hash);
      wording[(mixed >> 8) % wording_width] += (mixed & 1) != 0 ? weight : -weight;
    }
    if (token.word == 0)
      return;
    if (const auto word = model.find(token.word))
      for (std::size_t i = 0; i < meaning_width; ++i)
        meaning[i] += word->scale * static_cast<float>(static_cast<std::int8_t>(word->vector[i]));
  }

  void end_sentence() noexcept {}
};

void scale(std::span<float> v, float by) noexcept {
  for (auto& x : v)
    x *= by;
}

// The same as encode() makes of a text, from what the file keeps of one.
point unpacked(const sampled_text& text) {
  std::vector<float> whole(meaning_width + wording_width);
  const std::span all{whole};
  std::ranges::copy(text.meaning, whole.begin());
  for (const auto& [place, value] : text.wording)
    whole[meaning_width + place] = static_cast<float>(value);
  make_unit(all.first(meaning_width));
  make_unit(all.subspan(meaning_width));
  scale(all.first(meaning_width), meaning_share);
  scale(all.subspan(meaning_width), wording_share);
  return point::of(all);
}

} // namespace

void add_meaning_and_wording(std::string_view text, const background& model, std::span<float> out,
                             const stop_function& stop) {
  std::ranges::fill(out, 0.0F);
  vector_sink sink{model, out.first(meaning_width), out.subspan(meaning_width)};
  models::gram_reader<vector_sink> reader{sink};
  for (std::size_t at = 0; at < text.size(); at += chunk_bytes) {
    if (stop && stop())
      return;
    reader.feed(text.substr(at, chunk_bytes));
  }
  reader.finish();
  make_unit(sink.meaning);
  make_unit(sink.wording);
}

background_encoder::background_encoder(background model)
  : model_{std::move(model)} {
  std::ranges::transform(model_.texts(), std::back_inserter(ordinary_), unpacked);
}

void background_encoder::encode(std::string_view text, std::span<float> out,
                                const stop_function& stop) const {
  add_meaning_and_wording(text, model_, out, stop);
  const auto meaning = out.first(meaning_width);
  if (std::ranges::any_of(meaning, [](float x) { return x != 0; }))
    for (std::size_t i = 0; i < meaning_width; ++i)
      meaning[i] -= model_.usual_meaning()[i];
  make_unit(meaning);
  scale(meaning, meaning_share);
  scale(out.subspan(meaning_width), wording_share);
}

} // namespace guardrails::checks::similarity
