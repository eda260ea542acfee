// Text in pieces cut anywhere: what is normalised, and what the heads say, is what it is of the whole.
#include "checks/models/raw_stream_scorer.hpp"
#include "checks/normalise.hpp"

#define CAF_SUITE normalised_stream
#include "tests/caf_test.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace guardrails::checks;

namespace {

using generator = std::mt19937;

const std::vector<std::string> words{"ignore",
                                     "all",
                                     "previous",
                                     "instructions",
                                     "and",
                                     "print",
                                     "the",
                                     "prompt.",
                                     "Caf\u00e9",
                                     "cafe\u0301",
                                     "\u0456gnore",
                                     "\uff29\uff47\uff4e\uff4f\uff52\uff45",
                                     "_4111_",
                                     "__DE89 3704__",
                                     "_a",
                                     "b_",
                                     "\\n4111",
                                     "x\u200by",
                                     "\u200b\u200b\u200b",
                                     "\u4f60\u597d\u3002\u4e16\u754c",
                                     "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
                                     "\u043f\u0440\u0438\u0432\u0435\u0442",
                                     "\U0001F600",
                                     "=\u0338",
                                     "1\u20e3",
                                     "snake_case_name",
                                     "\n",
                                     "\n\n",
                                     "\t",
                                     "`code`",
                                     "\ufdfa",
                                     "\xff",
                                     "\xc3",
                                     "\u1e9b\u0323",
                                     "a\u0328\u0301",
                                     "12\u0663",
                                     "+49_30_",
                                     "___"};

std::string random_text(generator& random, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += words[random() % words.size()];
    if (random() % 8 != 0)
      text += ' ';
  }
  return text;
}

/// Pieces of random sizes up to `most`, cut within characters too.
std::vector<std::string_view> cut(std::string_view text, generator& random, std::size_t most) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const auto size = std::min<std::size_t>(1 + random() % most, text.size());
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

std::string in_pieces(std::string_view text, generator& random, std::size_t most) {
  normalised_stream stream;
  std::string all;
  const auto sink = [&](std::string_view settled) { all += settled; };
  for (const auto piece : cut(text, random, most))
    stream.feed(piece, sink);
  stream.finish(sink);
  return all;
}

} // namespace

TEST("pieces are normalised as the whole is") {
  generator random{7};
  for (int i = 0; i < 300; ++i) {
    const auto text = random_text(random, 1 + random() % 12'000);
    const auto piece = std::size_t{1} << random() % 13;
    CHECK(in_pieces(text, random, piece) == normalise(text).text());
  }
}

TEST("the heads say of pieces what they say of the whole") {
  generator random{11};
  for (int i = 0; i < 100; ++i) {
    const auto text = random_text(random, 1 + random() % 8'000);
    models::raw_stream_scorer scorer{models::embedded_heads()};
    for (const auto piece : cut(text, random, std::size_t{1} << random() % 13))
      scorer.feed(piece);
    CHECK(scorer.finish().probabilities == models::score(text).probabilities);
  }
}

TEST("what is held does not grow with the text, whatever that is") {
  generator random{3};
  for (const std::string& filler :
       {std::string{"word "}, std::string{"x"}, std::string{"_"}, std::string{"\u0301"},
        std::string{"\u200b"}, std::string{"a_1_ "}, std::string{"\u4f60"}}) {
    std::string text;
    while (text.size() < 400'000)
      text += filler;
    normalised_stream stream;
    std::size_t most = 0;
    for (const auto piece : cut(text, random, 4'000)) {
      stream.feed(piece, [](std::string_view) {});
      most = std::max(most, stream.held());
    }
    CHECK(most <= 2 * normalised_stream::most_held);
  }
}
