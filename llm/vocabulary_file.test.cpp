// What is wrong with a vocabulary file is said with its line or its path in the document.
#include "llm/vocabulary_file.hpp"
#include "tests/bpe_trainer.hpp"

#include <guardrails/errors.hpp>

#include <boost/json.hpp>

#include <functional>
#include <iostream>

#define CAF_SUITE vocabulary_file
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::llm;
namespace json = boost::json;

namespace {

const test::trained_vocabulary& trained() {
  static const auto made = test::trained_vocabulary::from(test::training_text, pretokenizer::gpt2, 60);
  return made;
}

/// The whole sentence; empty when the file is accepted.
std::string refusal(std::string_view content) {
  try {
    read_vocabulary(content, "file");
    return {};
  } catch (const config_error& error) {
    return error.what();
  }
}

bool refused(std::string_view content, std::string_view words) {
  const auto sentence = refusal(content);
  if (sentence.find(words) == std::string::npos)
    std::cerr << "`" << sentence << "` instead of `" << words << "`\n";
  return sentence.find(words) != std::string::npos;
}

struct edited {
  std::function<void(json::object&)> edit;
  std::string_view words;
};

json::object& model(json::object& document) {
  return document["model"].as_object();
}

json::value split_by(std::string_view pattern) {
  return {
    {"type", "Sequence"},
    {"pretokenizers",
     {{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}},
      {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}};
}

} // namespace

TEST("both forms are read, and say how texts are cut") {
  const auto lines = read_vocabulary(trained().as_tiktoken(), "file");
  CHECK_EQ(lines.tokens.size(), trained().tokens.size());
  CHECK(lines.rules == pretokenizer::cl100k && lines.whole_pieces_first);
  CHECK(read_vocabulary(trained().as_tiktoken(), "file", pretokenizer::o200k).rules == pretokenizer::o200k);
  auto document = trained().as_tokenizer_json();
  const auto gpt2 = read_vocabulary(json::serialize(document), "file");
  CHECK_EQ(gpt2.tokens.size(), trained().tokens.size());
  CHECK_EQ(gpt2.merges.size(), trained().merges.size());
  CHECK(gpt2.rules == pretokenizer::gpt2 && !gpt2.whole_pieces_first);
  CHECK(read_vocabulary(json::serialize(document), "file", pretokenizer::qwen2).rules == pretokenizer::qwen2);
}

TEST("the regular expressions of cl100k, qwen2 and o200k are known") {
  const std::string head = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|)";
  const std::string end = R"(| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  auto document = trained().as_tokenizer_json();
  const auto rules = [&](std::string_view pattern) {
    document["pre_tokenizer"] = split_by(pattern);
    return read_vocabulary(json::serialize(document), "file").rules;
  };
  CHECK(rules(head + R"(\p{N}{1,3})" + end) == pretokenizer::cl100k);
  CHECK(rules(head + R"(\p{N})" + end) == pretokenizer::qwen2);
  CHECK(
    rules(
      R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
      R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)") ==
    pretokenizer::o200k);
}

TEST("merges may be lists of two") {
  auto document = trained().as_tokenizer_json();
  const auto plain = read_vocabulary(json::serialize(document), "file").merges;
  for (auto& merge : model(document)["merges"].as_array()) {
    const std::string text{merge.as_string()};
    const auto middle = text.find(' ');
    merge = {text.substr(0, middle), text.substr(middle + 1)};
  }
  const auto listed = read_vocabulary(json::serialize(document), "file").merges;
  CHECK_EQ(listed.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i)
    CHECK(listed[i].left == plain[i].left && listed[i].merged == plain[i].merged);
}

TEST("a line that is no token and rank is refused by its number") {
  const auto good = trained().as_tiktoken();
  const auto line = std::to_string(1 + std::ranges::count(good, '\n'));
  CHECK_EQ(refusal(good), "");
  CHECK_EQ(refusal(good.substr(0, good.size() - 1)), "");
  const auto with = [&](const std::string& last) { return good + last + "\n"; };
  CHECK(refused(with("YQ=="), "file:" + line + ": is no token and rank"));
  CHECK(refused(with(""), "is no token and rank"));
  CHECK(refused(with("Y=Q= 9999"), "not Base64"));
  CHECK(refused(with("YQ= 9999"), "not Base64"));
  CHECK(refused(with("YR== 9999"), "not Base64")); // bits beyond the last byte
  CHECK(refused(with(" 9999"), "not Base64"));
  CHECK(refused(with("AAAA -1"), "rank that is no number"));
  CHECK(refused(with("AAAA 1x"), "rank that is no number"));
  CHECK(refused(with("AAAA 100000001"), "rank that is no number"));
  CHECK(refused(with("AAAA 99999999999"), "rank that is no number"));
  CHECK(refused(with("AAAA 9999\r"), "rank that is no number"));
  CHECK(refused(with("AAAA 7"), "rank of an earlier line"));
  CHECK(refused(with("YQ== 9999"), "token of an earlier line"));
  std::string long_token;
  while (long_token.size() <= 4 * 171)
    long_token += "AAAA";
  CHECK(refused(with(long_token + " 9999"), "more than 512 bytes"));
  CHECK(refused("YQ== 0\n", "has no token for the byte 0"));
  CHECK(refused("", "is empty"));
  CHECK(refused(std::string(longest_vocabulary + 1, ' '), "is longer than 64 MiB"));
}

TEST("a tokenizer.json that is something else is refused by the path in it") {
  const std::vector<edited> cases{
    {[](auto& d) { model(d)["type"] = "WordPiece"; }, "model.type: is not supported; expected BPE"},
    {[](auto& d) { model(d)["type"] = "Unigram"; }, "model.type: is not supported; expected BPE"},
    {[](auto& d) { model(d).erase("type"); }, "model.type: is not supported; expected BPE"},
    {[](auto& d) { d.erase("model"); }, "model: is no object"},
    {[](auto& d) { model(d)["byte_fallback"] = true; }, "model.byte_fallback: is not supported"},
    {[](auto& d) { model(d)["byte_fallback"] = 1; }, "model.byte_fallback: is no boolean"},
    {[](auto& d) { model(d)["dropout"] = 0.1; }, "model.dropout: is not supported"},
    {[](auto& d) { model(d)["end_of_word_suffix"] = "</w>"; }, "model.end_of_word_suffix: is not supported"},
    {[](auto& d) {
       d["normalizer"] = {{"type", "Lowercase"}};
     },
     "normalizer.type: is not supported"},
    {[](auto& d) { d["pre_tokenizer"] = nullptr; }, "pre_tokenizer: is missing"},
    {[](auto& d) {
       d["pre_tokenizer"] = {{"type", "Whitespace"}};
     },
     "pre_tokenizer: does not end in ByteLevel"},
    {[](auto& d) { d["pre_tokenizer"].as_object()["add_prefix_space"] = true; },
     "pre_tokenizer.add_prefix_space: adds a space"},
    {[](auto& d) { d["pre_tokenizer"].as_object()["use_regex"] = false; }, "pre_tokenizer: is not supported"},
    {[](auto& d) { d["pre_tokenizer"] = split_by("\\w+"); },
     "pre_tokenizer.pretokenizers[0].pattern: is a regular expression that is not known"},
    {[](auto& d) { model(d)["vocab"] = json::array{}; }, "model.vocab: is no object"},
    {[](auto& d) { model(d)["vocab"].as_object().erase("a"); }, "model.vocab: has no token for the byte 97"},
    {[](auto& d) { model(d)["vocab"].as_object()["a"] = -1; }, "model.vocab: has a token whose number"},
    {[](auto& d) { model(d)["vocab"].as_object()["a"] = 98; }, "model.vocab: has the number 98 twice"},
    {[](auto& d) { model(d)["merges"] = json::object{}; }, "model.merges: is no array"},
    {[](auto& d) { model(d)["merges"].as_array()[3] = "ab"; }, "model.merges[3]: is no pair"},
    {[](auto& d) { model(d)["merges"].as_array()[3] = "a b c"; }, "model.merges[3]: is no pair"},
    {[](auto& d) { model(d)["merges"].as_array()[3] = 5; }, "model.merges[3]: is no string"},
    {[](auto& d) { model(d)["merges"].as_array()[3] = "zq x"; },
     "model.merges[3]: has a token that is not in"},
    {[](auto& d) { model(d)["merges"].as_array()[3] = "q Q"; },
     "model.merges[3]: has a token that is not in"},
    {[](auto& d) { model(d)["merges"].as_array()[3] = model(d)["merges"].as_array()[2]; },
     "model.merges[3]: is the pair of an earlier merge"},
  };
  for (const auto& [edit, words] : cases) {
    auto document = trained().as_tokenizer_json();
    edit(document);
    CHECK(refused(json::serialize(document), words));
  }
}

TEST("what is not JSON is refused with its line") {
  CHECK(refused("{\n\"model\": {\n\"type\" \"BPE\"}}", "file:3"));
  CHECK(refused("{\"model\": {}", "is not valid JSON"));
  CHECK(refused("{} {}", "is not valid JSON"));
  CHECK(refused("{\"a\": \"\xff\"}", "is not valid JSON"));
  CHECK(refused(std::string(10'000, '{'), "is not valid JSON"));
}
