// Any bytes as a vocabulary: refused with a config_error, or a tokenizer. Since few mutations keep all the
// single bytes, they are put in front; the rest of the input is then encoded.
#include "llm/vocabulary_file.hpp"

#include "tests/bpe_trainer.hpp"

#include <guardrails/errors.hpp>

#include <cstdlib>

namespace {

using namespace guardrails;
using namespace guardrails::llm;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

void read_and_encode(std::string_view file, std::string_view text) {
  try {
    for (const auto rules : {pretokenizer::gpt2, pretokenizer::cl100k, pretokenizer::o200k}) {
      const bpe_tokenizer tokenizer{read_vocabulary(file, "fuzz", rules)};
      const auto tokens = tokenizer.encode(text);
      expect(tokens.size() <= 4 * text.size()); // composing may lengthen a text
      expect(tokenizer.count(text) == tokens.size());
      expect(text.empty() == tokens.empty());
    }
  } catch (const config_error& error) {
    expect(error.where().source == "fuzz" && !error.problem().empty());
  }
}

const test::trained_vocabulary& base() {
  static const auto made = test::trained_vocabulary::from("", pretokenizer::gpt2, 0);
  return made;
}

/// The base with members of `more`, where that is JSON, put into its model.
std::string json_with(std::string_view more) {
  boost::json::error_code error;
  const auto parsed = boost::json::parse(more, error);
  if (error || !parsed.is_object())
    return {};
  auto document = base().as_tokenizer_json();
  auto& model = document["model"].as_object();
  for (const auto& [key, value] : parsed.get_object())
    if (key == "vocab" && value.is_object())
      for (const auto& [token, id] : value.get_object())
        model["vocab"].as_object()[token] = id;
    else
      (key == "normalizer" || key == "pre_tokenizer" ? document : model)[key] = value;
  return boost::json::serialize(document);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto half = bytes.find('\0');
  const auto file = bytes.substr(0, half);
  const auto text = half == std::string_view::npos ? bytes : bytes.substr(half + 1);
  read_and_encode(file, text);
  static const auto lines = base().as_tiktoken();
  read_and_encode(lines + std::string{file}, text);
  read_and_encode(json_with(file), text);
  return 0;
}
