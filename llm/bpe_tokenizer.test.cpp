// Pieces by hand, tokens against the textbook's slow way, and what hostile texts cost.
#include "llm/pretokenizer.hpp"
#include "llm/token_counter.hpp"
#include "llm/vocabulary_file.hpp"
#include "tests/bpe_trainer.hpp"
#include "tests/cpu_time.hpp"

#include <boost/json/serialize.hpp>

#include <ctime>
#include <iostream>
#include <random>

#define CAF_SUITE bpe_tokenizer
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::llm;
using namespace std::literals;
using test::pieces_of;
using test::trained_vocabulary;
using strings = std::vector<std::string>;

namespace {

/// The textbook: look for the best pair in the whole piece, merge it, start again. `rank_of` is negative
/// where two strings do not merge.
template <class Rank>
strings slowly_merged(std::string_view piece, Rank rank_of) {
  strings parts;
  for (const auto c : piece)
    parts.emplace_back(1, c);
  for (;;) {
    std::size_t best = 0;
    int lowest = -1;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
      if (const int rank = rank_of(parts[i], parts[i + 1]); rank >= 0 && (lowest < 0 || rank < lowest)) {
        best = i;
        lowest = rank;
      }
    if (lowest < 0)
      return parts;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

template <class Value>
int index_of(const std::vector<Value>& in, const Value& value) {
  const auto found = std::ranges::find(in, value);
  return found == in.end() ? -1 : static_cast<int>(found - in.begin());
}

const trained_vocabulary& trained() {
  static const auto made = trained_vocabulary::from(test::training_text, pretokenizer::cl100k, 400);
  return made;
}

bpe_tokenizer from_tiktoken() {
  return bpe_tokenizer{read_vocabulary(trained().as_tiktoken(), "a.tiktoken")};
}

bpe_tokenizer from_json(pretokenizer rules) {
  const auto text = boost::json::serialize(trained().as_tokenizer_json());
  return bpe_tokenizer{read_vocabulary(text, "tokenizer.json", rules)};
}

strings texts_of(const std::vector<token_id>& tokens) {
  strings texts;
  for (const auto id : tokens)
    texts.push_back(trained().tokens.at(id));
  return texts;
}

std::string random_text(std::mt19937& random, std::size_t parts) {
  static const strings words{"the",          "harbour",   "a",     "aaa",  " ",    "  ", "\n",
                             "'s",           "'LL",       "count", "7",    "1987", "!",  "\xC3\xA4",
                             "\xE6\xB8\xAF", "e\xCC\x81", "\xff",  "Dawn", "(",    "/"};
  std::string text;
  for (std::size_t i = 0; i < parts; ++i)
    text += words[random() % words.size()];
  return text;
}

double cpu_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// The least of five, since the machine may be busy.
double nanoseconds_per_byte(const bpe_tokenizer& tokenizer, const std::string& text) {
  double least = 1e18;
  for (int i = 0; i < 5; ++i) {
    const auto begin = cpu_nanoseconds();
    tokenizer.count(text);
    least = std::min(least, cpu_nanoseconds() - begin);
  }
  return least / static_cast<double>(text.size());
}

} // namespace

TEST("a text is cut as each regular expression cuts it") {
  struct example {
    pretokenizer rules;
    std::string text;
    strings pieces;
  };
  const std::vector<example> examples{
    {pretokenizer::gpt2,
     "Hello, world! I'll go 12345",
     {"Hello", ",", " world", "!", " I", "'ll", " go", " 12345"}},
    {pretokenizer::gpt2, "DON'T  a\n\n b", {"DON", "'", "T", " ", " a", "\n\n", " b"}},
    {pretokenizer::cl100k,
     "Hello, world! I'll go 12345",
     {"Hello", ",", " world", "!", " I", "'ll", " go", " ", "123", "45"}},
    {pretokenizer::cl100k, "'Tis DON'T", {"'T", "is", " DON", "'T"}},
    {pretokenizer::cl100k, "a  b\n\n  c\n", {"a", " ", " b", "\n\n", " ", " c", "\n"}},
    {pretokenizer::cl100k, "foo()\n\nbar(baz", {"foo", "()\n\n", "bar", "(baz"}},
    {pretokenizer::cl100k, "x  ", {"x", "  "}},
    {pretokenizer::cl100k, "e\xCC\x81 \xE2\x85\xA7\xC2\xB2", {"e", "\xCC\x81", " ", "\xE2\x85\xA7\xC2\xB2"}},
    {pretokenizer::cl100k,
     "a\xC2\xA0"
     "b\xC2\xA0\xC2\xA0"
     "c",
     {"a",
      "\xC2\xA0"
      "b",
      "\xC2\xA0",
      "\xC2\xA0"
      "c"}},
    {pretokenizer::qwen2, "in 2024", {"in", " ", "2", "0", "2", "4"}},
    {pretokenizer::o200k, "HTTPServer isn't ABC def", {"HTTPServer", " isn't", " ABC", " def"}},
    {pretokenizer::o200k, "camelCaseWord", {"camel", "Case", "Word"}},
    {pretokenizer::o200k,
     "\xE6\xBC\xA2\xE5\xAD\x97"
     "AB e\xCC\x81",
     {"\xE6\xBC\xA2\xE5\xAD\x97", "AB", " e\xCC\x81"}},
    {pretokenizer::o200k,
     "\xCC\x81"
     "AB",
     {"\xCC\x81", "AB"}},
    {pretokenizer::o200k, "a/b\n/x !!\n/\n 1234", {"a", "/b", "\n", "/x", " !!\n/\n", " ", "123", "4"}},
    {pretokenizer::o200k, "we\xE2\x80\x99ve WE'VE", {"we", "\xE2\x80\x99ve", " WE'VE"}},
  };
  for (const auto& [rules, text, pieces] : examples) {
    const auto cut = pieces_of(rules, text);
    if (cut != pieces) {
      std::cerr << text << ":";
      for (const auto& piece : cut)
        std::cerr << " [" << piece << "]";
      std::cerr << "\n";
    }
    CHECK(cut == pieces);
  }
}

TEST("any bytes are cut into pieces that are not empty and cover them") {
  std::mt19937 random{7};
  for (const auto rules :
       {pretokenizer::gpt2, pretokenizer::cl100k, pretokenizer::qwen2, pretokenizer::o200k})
    for (int round = 0; round < 500; ++round) {
      const auto text = random_text(random, 20);
      std::size_t at = 0;
      while (at < text.size()) {
        const auto end = piece_end(rules, text, at);
        REQUIRE(end > at && end <= text.size());
        at = end;
      }
    }
}

TEST("tiktoken's tokens are those of the textbook, and their bytes are the text") {
  const auto tokenizer = from_tiktoken();
  std::mt19937 random{1};
  for (int round = 0; round < 300; ++round) {
    const auto text = round == 0 ? std::string{test::training_text} : random_text(random, 30);
    strings expected;
    for (const auto& piece : pieces_of(pretokenizer::cl100k, text)) {
      const auto parts = slowly_merged(piece, [](const std::string& left, const std::string& right) {
        return index_of(trained().tokens, left + right);
      });
      expected.insert(expected.end(), parts.begin(), parts.end());
    }
    const auto tokens = tokenizer.encode(text);
    CHECK(texts_of(tokens) == expected);
    CHECK_EQ(tokenizer.count(text), tokens.size());
  }
  CHECK(tokenizer.encode("").empty());
}

TEST("a tokenizer.json's tokens follow its merges") {
  std::mt19937 random{2};
  for (const auto rules : {pretokenizer::gpt2, pretokenizer::o200k}) {
    const auto tokenizer = from_json(rules);
    for (int round = 0; round < 200; ++round) {
      const auto text = random_text(random, 30);
      strings expected;
      for (const auto& piece : pieces_of(rules, text)) {
        const auto parts = slowly_merged(piece, [](const std::string& left, const std::string& right) {
          return index_of(trained().merges, {left, right});
        });
        expected.insert(expected.end(), parts.begin(), parts.end());
      }
      CHECK(texts_of(tokenizer.encode(text)) == expected);
    }
  }
}

TEST("a file may say that whole pieces go first, and that texts are composed") {
  auto document = trained().as_tokenizer_json();
  auto& vocabulary = document["model"].as_object()["vocab"].as_object();
  vocabulary["dusk-bound"] = vocabulary.size();
  vocabulary["zq"] = vocabulary.size();
  const bpe_tokenizer plain{read_vocabulary(boost::json::serialize(document), "t")};
  CHECK_EQ(plain.count("zq"), 2u);
  document["model"].as_object()["ignore_merges"] = true;
  const bpe_tokenizer whole{read_vocabulary(boost::json::serialize(document), "t")};
  CHECK_EQ(whole.count("zq"), 1u);
  CHECK(plain.encode("a\xCC\x88") != plain.encode("\xC3\xA4"));
  document["normalizer"] = {{"type", "NFC"}};
  const bpe_tokenizer composing{read_vocabulary(boost::json::serialize(document), "t")};
  CHECK(composing.encode("a\xCC\x88") == plain.encode("\xC3\xA4"));
  CHECK(composing.count("a\xCC\x88\xff") > 0u);
}

TEST("many marks of one letter are composed in linear time") {
  auto document = trained().as_tokenizer_json();
  document["normalizer"] = {{"type", "NFC"}};
  const bpe_tokenizer composing{read_vocabulary(boost::json::serialize(document), "t")};
  const auto seconds_per_byte = [&](std::size_t bytes) {
    std::string text = "a";
    while (text.size() < bytes)
      text += "\u0301\u0327";
    return guardrails::test::least_cpu_seconds([&] { composing.count(text); }) / static_cast<double>(bytes);
  };
  CHECK(seconds_per_byte(128 << 10) < 4 * seconds_per_byte(8 << 10));
}

TEST("a piece of any length is encoded, and differs from the whole by a token at each cut at most") {
  const auto tokenizer = from_tiktoken();
  const auto exact = tokenizer.count(std::string(bpe_tokenizer::longest_piece, 'a'));
  const auto ten = tokenizer.count(std::string(10 * bpe_tokenizer::longest_piece, 'a'));
  CHECK_EQ(ten, 10 * exact);
  CHECK(exact <= bpe_tokenizer::longest_piece / 4);
}

TEST("counting stops when it is told to") {
  const auto tokenizer = from_tiktoken();
  const std::string text(1 << 20, 'a');
  int asked = 0;
  CHECK(tokenizer.count(text, [&] { return ++asked == 3; }) < tokenizer.count(text) / 4);
  CHECK_EQ(asked, 3);
}

TEST("the time for hostile texts grows with their length, not faster") {
  const auto tokenizer = from_tiktoken();
  std::mt19937 random{3};
  std::string noise;
  while (noise.size() < 4'000)
    noise += static_cast<char>('a' + random() % 26);
  const strings units{"a",
                      "ab",
                      " ",
                      "\n",
                      "\xE6\xB8\xAF",
                      "A\xCC\x81",
                      "7",
                      "!",
                      " \n ",
                      "aaaaaa",
                      "harbour'",
                      noise,
                      "\xff",
                      "\xE6\xBC\xA2"
                      "AAAA",
                      "a b"};
  for (const auto& unit : units) {
    std::string small, large;
    while (small.size() < 32'000)
      small += unit;
    while (large.size() < 1'000'000)
      large += unit;
    const auto at_small = nanoseconds_per_byte(tokenizer, small);
    const auto at_large = nanoseconds_per_byte(tokenizer, large);
    if (at_large >= 3 * at_small)
      std::cerr << "`" << unit << "`: " << at_small << " ns/B, then " << at_large << "\n";
    CHECK(at_large < 3 * at_small);
  }
}

TEST("a counter without a vocabulary estimates, and frames messages") {
  const std::vector<chat_message> messages{{"user", "hello world"}, {"assistant", ""}};
  CHECK_EQ(token_counter{}.count("hello world"), estimate_tokens("hello world"));
  CHECK_EQ(token_counter{}.count(messages), 3u + 4 + 2 + 4);
  const token_counter counter{read_vocabulary(trained().as_tiktoken(), "t")};
  CHECK_EQ(counter.count(messages), 3u + 4 + from_tiktoken().count("hello world") + 4);
}
