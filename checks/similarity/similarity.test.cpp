// The background's file, vectors of texts, and how near texts are to classes.
#define CAF_SUITE similarity
#include "tests/caf_test.hpp"

#include "checks/models/grams.hpp"
#include "checks/similarity/background_encoder.hpp"
#include "checks/similarity/class_set.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace guardrails::checks;
using namespace guardrails::checks::similarity;

namespace {

std::uint32_t hash_of(std::string_view word) {
  struct {
    std::uint32_t last = 0;
    void take(const models::token_grams& token) { last = token.word; }
    void end_sentence() {}
  } sink;
  models::gram_reader<decltype(sink)> reader{sink};
  reader.feed(word);
  reader.finish();
  return sink.last;
}

/// Knows that cats and dogs are alike, and stones are not.
background_contents small_world() {
  background_contents made;
  made.gram_weights.assign(std::size_t{1} << gram_bits, 64);
  for (const auto& [word, first, second] :
       {std::tuple{"cat", 100, 5}, std::tuple{"dog", 100, -5}, std::tuple{"stone", -20, 90}}) {
    word_place place{hash_of(word), 1, {}};
    place.vector[0] = static_cast<std::int8_t>(first);
    place.vector[1] = static_cast<std::int8_t>(second);
    made.words.push_back(place);
  }
  std::ranges::sort(made.words, {}, &word_place::hash);
  sampled_text text;
  text.meaning[1] = 127;
  text.wording = {{3, 100}, {700, -50}};
  made.texts = {text, text};
  return made;
}

float cosine(const encoder& by, std::string_view left, std::string_view right) {
  return point::of(encoded(by, left)).times(encoded(by, right));
}

/// What the reader says of bytes; empty: nothing.
std::string refusal(const std::vector<std::uint8_t>& bytes) {
  try {
    const background read{bytes};
    return {};
  } catch (const model_error& error) {
    return error.what();
  }
}

std::string refusal(const background_contents& contents) {
  return refusal(write(contents));
}

/// As a service might be: another width, and no ordinary texts.
class two_words final : public encoder {
public:
  std::size_t dimensions() const noexcept override { return 2; }
  void encode(std::string_view text, std::span<float> out, const stop_function&) const override {
    out[0] = text.find("cat") != text.npos ? 1.0F : 0.0F;
    out[1] = text.find("stone") != text.npos ? 1.0F : 0.0F;
    make_unit(out);
  }
  std::span<const point> ordinary() const noexcept override { return {}; }
  const std::string& version() const noexcept override { return version_; }

private:
  std::string version_ = "two words";
};

const described_class cooking{"cooking", "recipes, ingredients, baking and cooking at home", {}};
const described_class driving{"driving", "cars, roads, traffic, fuel and repairs", {}};

} // namespace

TEST("what is written is read back") {
  const auto contents = small_world();
  const auto bytes = write(contents);
  const background read{bytes};
  CHECK_EQ(read.weight(0xFFFFFFFF), 1.0F);
  const auto cat = read.find(hash_of("cat"));
  CHECK(cat && cat->scale == 1.0F && cat->vector[0] == 100);
  CHECK(!read.find(hash_of("mouse")));
  CHECK(!read.find(0));
  CHECK(!read.find(0xFFFFFFFF));
  CHECK_EQ(read.texts().size(), 2U);
  CHECK_EQ(read.texts().front().wording.at(1).value, -50);
  CHECK_EQ(read.version().size(), 12U);
  auto others = contents;
  others.gram_weights[7] = 1;
  CHECK(background::keeping(write(others)).version() != read.version());
}

TEST("bytes that are no background are refused") {
  const auto bytes = write(small_world());
  CHECK_EQ(refusal(bytes), "");
  CHECK_EQ(refusal(std::vector<std::uint8_t>{}), "the model is cut short");
  CHECK_EQ(refusal(std::vector<std::uint8_t>(bytes.begin(), bytes.end() - 8)), "the model is damaged");
  CHECK_EQ(refusal(std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 640)), "the model is cut short");
  for (const auto& [at, words] : {std::pair{std::size_t{0}, "this is no background model"},
                                  {8, "the model has another format version"},
                                  {12, "the model was trained with other n-grams"},
                                  {18, "the model's sizes are out of range"},
                                  {4'000, "the model is damaged"}}) {
    auto damaged = bytes;
    damaged[at] ^= 0x55;
    CHECK_EQ(refusal(damaged), words);
  }
}

TEST("contents that no training makes are refused") {
  auto order = small_world();
  std::swap(order.words[0], order.words[1]);
  CHECK_EQ(refusal(order), "the model's words are out of order");
  for (const auto scale : {-1.0F, 1e4F, std::numeric_limits<float>::quiet_NaN()}) {
    auto scales = small_world();
    scales.words[0].scale = scale;
    CHECK_EQ(refusal(scales), "the model's scales are out of range");
  }
  auto usual = small_world();
  usual.usual_meaning[5] = std::numeric_limits<float>::infinity();
  CHECK_EQ(refusal(usual), "the model's scales are out of range");
  auto places = small_world();
  places.texts[0].wording = {{wording_width, 1}};
  CHECK_EQ(refusal(places), "the model's texts are out of range");
  places.texts[0].wording = {{7, 1}, {7, 1}};
  CHECK_EQ(refusal(places), "the model's texts are out of range");
}

TEST("vectors have length 1, or none") {
  const background_encoder by{background::keeping(write(small_world()))};
  for (const auto* text : {"cat", "a cat and a stone", "\xFF\xFE cat", "1234 !!"})
    CHECK(std::abs(cosine(by, text, text) - 1) < 0.3F);
  CHECK_EQ(cosine(by, "", ""), 0.0F);
  CHECK_EQ(cosine(by, "cat", ""), 0.0F);
}

TEST("what a text is about counts beside its wording") {
  const background_encoder by{background::keeping(write(small_world()))};
  CHECK(cosine(by, "cat", "dog") > cosine(by, "cat", "stone"));
  CHECK(cosine(by, "stones", "stone") > cosine(by, "stones", "cat"));
}

TEST("a long text is left when told to") {
  const background_encoder by{background::keeping(write(small_world()))};
  std::string text;
  while (text.size() < 1'000'000)
    text += "a cat ";
  unsigned asked = 0;
  encoded(by, text, [&] { return ++asked > 3; });
  CHECK_EQ(asked, 4U);
}

TEST("a description alone tells what is near") {
  const nearness near{cooking, embedded_encoder()};
  const auto of = [&](std::string_view text) { return near.of(encoded(embedded_encoder(), text)); };
  CHECK(of("how long should i bake the potatoes in the oven") > usual_nearness);
  CHECK(of("how long should i bake the potatoes in the oven") > of("my car makes a strange noise"));
  CHECK(of("what can i use instead of butter in a cake") > of("transfer money to my savings account"));
  CHECK(of("") < usual_nearness);
}

TEST("examples make it surer, and most of what is like them is accepted") {
  auto wanted = driving;
  wanted.examples = {"how do i change a flat tire",
                     "is there much traffic on the way to work",
                     "my engine light came on",
                     "when is the next oil change due",
                     "where is the nearest petrol station",
                     "the brakes of my car squeak",
                     "how many miles per gallon do i get",
                     "which fuel does this car take",
                     "the battery is dead, jump start it",
                     "is there a detour around the accident"};
  const nearness near{wanted, embedded_encoder()};
  const auto of = [&](std::string_view text) { return near.of(encoded(embedded_encoder(), text)); };
  const auto accepted =
    std::ranges::count_if(wanted.examples, [&](const auto& text) { return of(text) >= usual_nearness; });
  CHECK(accepted >= 9);
  CHECK(of("where can i get the tires of my car changed") >= usual_nearness);
  CHECK(of("write a poem about the moon") < usual_nearness);
}

TEST("of several classes the nearest is told") {
  const class_set classes{std::vector{cooking, driving}, embedded_encoder()};
  CHECK_EQ(classes.nearest("which ingredients does the recipe need").index, 0U);
  CHECK_EQ(classes.nearest("fuel for the car").index, 1U);
  CHECK_EQ(class_set({}, embedded_encoder()).nearest("anything").nearness, 0.0);
}

TEST("an encoder without ordinary texts goes by the angle") {
  const two_words by;
  const nearness near{{"pets", "cats", {}}, by};
  CHECK(near.of(encoded(by, "a cat")) > usual_nearness);
  CHECK(near.of(encoded(by, "a stone")) < usual_nearness);
  const nearness nothing{{"void", "nothing it knows", {}}, by};
  CHECK(nothing.of(encoded(by, "a cat")) < usual_nearness);
}
