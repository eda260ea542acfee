// The background: words that go together, and the model that texts become.
#define CAF_SUITE background_training
#include "tests/caf_test.hpp"

#include "train/background_training.hpp"

#include "checks/similarity/background_encoder.hpp"
#include "checks/similarity/nearness.hpp"

using namespace guardrails::train;
namespace similarity = guardrails::checks::similarity;

namespace {

void say_nothing(const std::string&) {}

float likeness(const trained_word& a, const trained_word& b) {
  float sum = 0;
  for (std::size_t i = 0; i < a.vector.size(); ++i)
    sum += a.vector[i] * b.vector[i];
  return sum;
}

std::vector<plain_text> rows() {
  std::vector<plain_text> made;
  for (int i = 0; i < 20; ++i) {
    const auto number = std::to_string(i % 5);
    made.push_back({"the cat " + number + " eats fish and milk", "pets"});
    made.push_back({"the dog " + number + " eats meat and fish", "pets"});
    made.push_back({"a stone " + number + " rolls down some hill", "rocks"});
  }
  return made;
}

background_training small() {
  background_training how;
  how.texts = 10;
  return how;
}

} // namespace

TEST("words of the same texts are alike") {
  std::vector<std::vector<std::uint32_t>> texts;
  for (int i = 0; i < 10; ++i) {
    texts.push_back({1, 2, 3});
    texts.push_back({1, 3, 4});
    texts.push_back({5, 6, 7});
    texts.push_back({6, 7, 8});
  }
  texts.push_back({9});
  word_settings how;
  how.dimensions = 2;
  const auto words = train_words(texts, how, say_nothing);
  CHECK_EQ(words.size(), 8U); // 9 is too rare
  CHECK(likeness(words[0], words[2]) > likeness(words[0], words[5]));
  CHECK(likeness(words[5], words[6]) > likeness(words[5], words[0]));
  CHECK(train_words({}, how, say_nothing).empty());
}

TEST("the same texts and seed make the same model, which reads") {
  const auto fields = std::vector<plain_text>{{"cat dog pet animal", "fields"}};
  const auto bytes = similarity::write(train_background(rows(), fields, small(), say_nothing));
  CHECK(bytes == similarity::write(train_background(rows(), fields, small(), say_nothing)));
  const similarity::background_encoder by{similarity::background::keeping(bytes)};
  CHECK_EQ(by.ordinary().size(), 10U);
  const auto like = [&](std::string_view a, std::string_view b) {
    return similarity::point::of(similarity::encoded(by, a)).times(similarity::encoded(by, b));
  };
  CHECK(like("milk", "fish") > like("milk", "hill"));
}
