// Tells the two forms apart.
#include "llm/vocabulary_file.hpp"

#include "llm/tiktoken_file.hpp"
#include "llm/tokenizer_json.hpp"

#include <guardrails/errors.hpp>

namespace guardrails::llm {

bpe_vocabulary read_vocabulary(std::string_view content, const std::string& source,
                               std::optional<pretokenizer> rules) {
  if (content.size() > longest_vocabulary)
    throw config_error{{source, 0, 0}, {}, "is longer than 64 MiB; expected a vocabulary"};
  const auto begin = content.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos)
    throw config_error{{source, 0, 0}, {}, "is empty; expected a vocabulary"};
  if (content[begin] == '{')
    return read_tokenizer_json(content, source, rules);
  return read_tiktoken(content, source, rules.value_or(pretokenizer::cl100k));
}

} // namespace guardrails::llm
