// Any bytes as a text for the embedded model, as a model file, and, with a checksum that holds, as the
// weights of a model that then reads a text: spans lie in order within the text, scores within 0..1.
#include "checks/tagger/tagger.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace guardrails::checks::tagger;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void search(const model& weights, std::string_view text) {
  std::size_t end = 0;
  text = text.substr(0, 1'000); // sanitizers make the search slow
  for (const auto& found : find(text, weights, entity_set{}.set())) {
    expect(end <= found.where.begin && found.where.begin < found.where.end && found.where.end <= text.size());
    expect(found.score >= 0 && found.score <= 1);
    end = found.where.end;
  }
}

void read_as_model(std::span<const std::uint8_t> bytes, std::string_view text) {
  try {
    search(model{bytes}, text);
  } catch (const model_error&) {
  }
}

std::int16_t number_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::int16_t>(bytes[at % bytes.size()] | bytes[(at + 1) % bytes.size()] << 8);
}

std::vector<std::uint8_t> model_of(std::span<const std::uint8_t> bytes) {
  model_contents contents;
  contents.units_per_one = 1U + bytes[0] % model::most_units_per_one;
  std::size_t at = 0;
  for (auto& row : contents.transitions)
    for (auto& weight : row)
      weight = std::clamp(number_at(bytes, at++), static_cast<std::int16_t>(-model::most_transition),
                          model::most_transition);
  contents.usual_words.assign(vocabulary::bytes, bytes[bytes.size() / 2]);
  contents.weights.resize(row_width << model::least_bucket_bits);
  for (auto& weight : contents.weights)
    weight = static_cast<std::int8_t>(bytes[at++ % bytes.size()]);
  return write(contents);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto embedded = embedded_model();
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  search(embedded, text);
  read_as_model({data, size}, text);
  if (size == 0)
    return 0;
  auto made = model_of({data, size});
  search(model{made}, text);
  made[data[0] % 64] ^= data[size - 1];
  read_as_model(made, text);
  return 0;
}
