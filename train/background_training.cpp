// Counts n-grams, relates words, and keeps a spread of texts.
#include "train/background_training.hpp"

#include "checks/models/grams.hpp"
#include "checks/normalise.hpp"
#include "checks/similarity/background_encoder.hpp"
#include "train/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace guardrails::train {

namespace similarity = checks::similarity;

namespace {

constexpr std::size_t most_bytes = 3000; // of a text that is read
constexpr double rare = 1e-4;            // share of all words at which a word counts half
constexpr std::size_t times_a_field = 3; // each field counts as so many texts
constexpr std::size_t least_tokens = 4;  // of a text that is kept
constexpr std::size_t most_tokens = 60;
constexpr std::size_t gram_rows = std::size_t{1} << similarity::gram_bits;

struct read_text {
  std::set<std::uint32_t> grams; ///< rows of weights
  std::vector<std::uint32_t> words;
  std::size_t tokens = 0;
};

struct reading_sink {
  read_text& text;

  void take(const checks::models::token_grams& token) {
    for (std::size_t g = 0; g < token.count; ++g)
      text.grams.insert(token.hashes[g] >> (32 - similarity::gram_bits));
    if (token.word != 0)
      text.words.push_back(token.word);
    ++text.tokens;
  }

  void end_sentence() {}
};

read_text read(const std::string& text) {
  read_text made;
  reading_sink sink{made};
  checks::models::gram_reader<reading_sink> reader{sink};
  const auto plain = checks::normalise(text);
  reader.feed(plain.text().substr(0, most_bytes));
  reader.finish();
  return made;
}

/// The square root of how telling an n-gram is: the logarithm of in how few texts it is.
std::vector<std::uint8_t> gram_weights(std::span<const read_text> texts) {
  std::vector<std::size_t> texts_with(gram_rows);
  for (const auto& text : texts)
    for (const auto gram : text.grams)
      ++texts_with[gram];
  std::vector<std::uint8_t> weights;
  for (const auto n : texts_with) {
    const auto telling = std::log(static_cast<double>(texts.size() + 1) / static_cast<double>(n + 1));
    weights.push_back(static_cast<std::uint8_t>(
      std::lround(std::min(255.0, std::sqrt(telling) * static_cast<double>(similarity::gram_unit)))));
  }
  return weights;
}

std::int8_t byte_of(float x, float greatest) {
  return greatest > 0 ? static_cast<std::int8_t>(std::lround(127 * x / greatest)) : std::int8_t{0};
}

float greatest_of(std::span<const float> v) {
  float most = 0;
  for (const auto x : v)
    most = std::max(most, std::abs(x));
  return most;
}

similarity::word_place placed(const trained_word& word) {
  similarity::word_place made;
  made.hash = word.hash;
  const auto most = greatest_of(word.vector);
  std::ranges::transform(word.vector, made.vector.begin(), [most](float x) { return byte_of(x, most); });
  made.scale = most / 127 * static_cast<float>(rare / (rare + word.share));
  return made;
}

// Of each source the square root of its share, so that no large set drowns the others.
std::vector<std::size_t> choose(std::span<const plain_text> texts, std::span<const read_text> reads,
                                const background_training& how) {
  std::map<std::string_view, std::size_t> sizes;
  for (const auto& text : texts)
    ++sizes[text.source];
  random_source random{how.seed};
  std::vector<std::pair<double, std::size_t>> drawn;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto lot =
      static_cast<double>(random.next() >> 11) * std::sqrt(static_cast<double>(sizes[texts[i].source]));
    if (reads[i].tokens >= least_tokens && reads[i].tokens <= most_tokens)
      drawn.emplace_back(lot, i);
  }
  std::ranges::sort(drawn);
  drawn.resize(std::min(drawn.size(), how.texts));
  std::vector<std::size_t> chosen;
  for (const auto& [_, i] : drawn)
    chosen.push_back(i);
  return chosen;
}

std::vector<float> vector_of(const std::string& text, const similarity::background& model) {
  std::vector<float> made(similarity::meaning_width + similarity::wording_width);
  const auto plain = checks::normalise(text);
  similarity::add_meaning_and_wording(plain.text().substr(0, most_bytes), model, made, {});
  return made;
}

similarity::sampled_text packed(std::span<float> whole, std::span<const float> usual) {
  similarity::sampled_text made;
  const auto meaning = whole.first(similarity::meaning_width);
  for (std::size_t i = 0; i < meaning.size(); ++i)
    meaning[i] -= usual[i];
  const auto most_meaning = greatest_of(meaning);
  std::ranges::transform(meaning, made.meaning.begin(), [&](float x) { return byte_of(x, most_meaning); });
  const auto wording = whole.subspan(similarity::meaning_width);
  const auto most_wording = greatest_of(wording);
  for (std::size_t i = 0; i < wording.size(); ++i)
    if (const auto value = byte_of(wording[i], most_wording); value != 0)
      made.wording.push_back({static_cast<std::uint16_t>(i), value});
  return made;
}

/// The chosen texts as vectors, and their mean.
void keep_texts(similarity::background_contents& contents, std::span<const plain_text> texts,
                std::span<const std::size_t> chosen) {
  const auto so_far = similarity::background::keeping(similarity::write(contents));
  std::vector<std::vector<float>> vectors;
  for (const auto i : chosen)
    vectors.push_back(vector_of(texts[i].text, so_far));
  for (const auto& v : vectors)
    for (std::size_t i = 0; i < similarity::meaning_width; ++i)
      contents.usual_meaning[i] += v[i] / static_cast<float>(vectors.size());
  for (auto& v : vectors)
    contents.texts.push_back(packed(v, contents.usual_meaning));
}

} // namespace

similarity::background_contents train_background(std::span<const plain_text> texts,
                                                 std::span<const plain_text> fields,
                                                 const background_training& how,
                                                 const std::function<void(const std::string&)>& tell) {
  std::vector<read_text> reads;
  std::vector<std::vector<std::uint32_t>> words;
  for (const auto& text : texts)
    words.push_back(reads.emplace_back(read(text.text)).words);
  random_source random{how.seed};
  for (const auto& field : fields) {
    auto own = reads.emplace_back(read(field.text)).words;
    for (std::size_t again = 0; again < times_a_field; ++again) {
      words.push_back(own);
      for (auto i = own.size(); i > 1; --i) // other words come within reach of each other
        std::swap(own[i - 1], own[random.below(i)]);
    }
  }
  similarity::background_contents contents;
  contents.gram_weights = gram_weights(reads);
  std::ranges::transform(train_words(words, how.words, tell), std::back_inserter(contents.words), placed);
  keep_texts(contents, texts, choose(texts, reads, how));
  return contents;
}

} // namespace guardrails::train
