// Any bytes as a text and as a class for the similarity of texts; as a background; and, with a checksum that
// holds, as the weights of one that then reads a text. Nearness lies within 0..1.
#include "checks/similarity/background_encoder.hpp"
#include "checks/similarity/nearness.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace guardrails::checks::similarity;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void judge(const encoder& by, const nearness& near, std::string_view text) {
  const auto vector = encoded(by, text.substr(0, 4'000)); // sanitizers make it slow
  const auto p = near.of(vector);
  expect(p >= 0 && p <= 1);
}

void read_as_model(std::vector<std::uint8_t> bytes, std::string_view text) {
  try {
    const background_encoder by{background::keeping(std::move(bytes))};
    const nearness near{{"class", std::string{text.substr(0, 200)}, {std::string{text.substr(0, 50)}}}, by};
    judge(by, near, text);
  } catch (const model_error&) {
  }
}

background_contents model_of(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  const auto next = [&] { return bytes[at++ % bytes.size()]; };
  background_contents made;
  made.gram_weights.resize(std::size_t{1} << gram_bits);
  for (auto& weight : made.gram_weights)
    weight = next();
  for (std::uint32_t i = 0; i < 8; ++i) {
    word_place word{i << 29, static_cast<float>(next()), {}};
    std::ranges::generate(word.vector, [&] { return static_cast<std::int8_t>(next()); });
    made.words.push_back(word);
  }
  sampled_text text;
  for (std::uint16_t place = 0; place < 40; ++place)
    text.wording.push_back({place, static_cast<std::int8_t>(next())});
  made.texts.assign(3, text);
  return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const nearness cooking{{"cooking", "recipes, ingredients and baking", {}}, embedded_encoder()};
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  judge(embedded_encoder(), cooking, text);
  read_as_model({data, data + size}, text);
  if (size == 0)
    return 0;
  auto made = write(model_of({data, size}));
  read_as_model(made, text);
  made[data[0] % 64] ^= data[size - 1];
  read_as_model(std::move(made), text);
  return 0;
}
