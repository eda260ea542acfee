// Any bytes as a text for the heads, whole and in chunks; as a model file; and, with a checksum that holds,
// as the weights of a model that then reads a text. Probabilities lie within 0..1, explanations within the
// text.
#include "checks/models/head_scorer.hpp"

#include <cstdlib>

namespace {

using namespace guardrails::checks::models;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void judge(const head_model& model, std::string_view text) {
  text = text.substr(0, 4'000); // sanitizers make it slow
  const auto whole = score_normalised(text, model);
  for (const auto p : whole.probabilities)
    expect(p >= 0 && p <= 1);
  stream_scorer stream{model};
  const auto chunk = text.empty() ? 1 : 1 + static_cast<unsigned char>(text.front()) % 7U;
  for (std::size_t at = 0; at < text.size(); at += chunk)
    stream.feed(text.substr(at, chunk));
  expect(stream.finish().probabilities == whole.probabilities);
  for (const auto& g : explain(text, model, head::injection_data, whole).grams)
    expect(g.where.begin < g.where.end && g.where.end <= text.size());
}

void read_as_model(std::span<const std::uint8_t> bytes, std::string_view text) {
  try {
    judge(head_model{bytes}, text);
  } catch (const model_error&) {
  }
}

std::vector<std::uint8_t> model_of(std::span<const std::uint8_t> bytes) {
  model_contents contents;
  contents.weights.resize(std::size_t{1} << head_model::least_bucket_bits);
  std::size_t at = 0;
  for (auto& row : contents.weights)
    for (auto& weight : row)
      weight = static_cast<std::int8_t>(bytes[at++ % bytes.size()]);
  for (std::size_t i = 0; i < head_count; ++i) {
    contents.heads.set(i);
    contents.scales[i] = {static_cast<float>(bytes[i % bytes.size()]) - 100, 1, 0.5F};
  }
  return write(contents);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  judge(embedded_heads(), text);
  read_as_model({data, size}, text);
  if (size == 0)
    return 0;
  auto made = model_of({data, size});
  judge(head_model{made}, text);
  made[data[0] % 64] ^= data[size - 1];
  read_as_model(made, text);
  return 0;
}
