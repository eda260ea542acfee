// A small vocabulary, trained by the textbook, and written in either file format.
#pragma once

#include "llm/pretokenizer.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::test {

inline std::vector<std::string> pieces_of(pretokenizer rules, std::string_view text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = llm::piece_end(rules, text, at);
    pieces.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

/// Tokens as their bytes; the first 256 are the single bytes.
struct trained_vocabulary {
  using pair = std::pair<std::string, std::string>;

  std::vector<std::string> tokens;
  std::vector<pair> merges;

  /// Merges, over and over, the pair that stands most often in the pieces of `text`.
  static trained_vocabulary from(std::string_view text, pretokenizer rules, std::size_t merges) {
    trained_vocabulary made;
    for (int byte = 0; byte < 256; ++byte)
      made.tokens.emplace_back(1, static_cast<char>(byte));
    std::map<std::string, int> counts;
    for (const auto& piece : pieces_of(rules, text))
      ++counts[piece];
    std::vector<std::pair<std::vector<std::string>, int>> words;
    for (const auto& [piece, count] : counts) {
      std::vector<std::string> letters;
      for (const auto c : piece)
        letters.emplace_back(1, c);
      words.emplace_back(std::move(letters), count);
    }
    while (made.merges.size() < merges && made.add_merge(words)) {
    }
    return made;
  }

  std::string as_tiktoken() const {
    std::string text;
    for (std::size_t rank = 0; rank < tokens.size(); ++rank)
      text += base64(tokens[rank]) + ' ' + std::to_string(rank) + '\n';
    return text;
  }

  /// As gpt2 wrote it.
  boost::json::object as_tokenizer_json() const {
    boost::json::object vocabulary;
    for (std::size_t id = 0; id < tokens.size(); ++id)
      vocabulary[in_letters(tokens[id])] = id;
    boost::json::array rules;
    for (const auto& [left, right] : merges)
      rules.emplace_back(in_letters(left) + ' ' + in_letters(right));
    return {{"version", "1.0"},
            {"normalizer", nullptr},
            {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
            {"model", {{"type", "BPE"}, {"dropout", nullptr}, {"vocab", vocabulary}, {"merges", rules}}}};
  }

private:
  using word = std::pair<std::vector<std::string>, int>;

  bool add_merge(std::vector<word>& words) {
    std::map<pair, int> counts;
    for (const auto& [letters, count] : words)
      for (std::size_t i = 1; i < letters.size(); ++i)
        counts[{letters[i - 1], letters[i]}] += count;
    // Other halves of a token that there is already would not be the same in tiktoken's format.
    std::erase_if(counts, [this](const auto& entry) {
      return std::ranges::find(tokens, entry.first.first + entry.first.second) != tokens.end();
    });
    const auto best = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    if (best == counts.end())
      return false;
    const auto [left, right] = best->first;
    merges.emplace_back(left, right);
    tokens.push_back(left + right);
    for (auto& [letters, count] : words)
      for (std::size_t i = 1; i < letters.size(); ++i)
        if (letters[i - 1] == left && letters[i] == right) {
          letters[i - 1] += right;
          letters.erase(letters.begin() + static_cast<std::ptrdiff_t>(i));
        }
    return true;
  }

  static std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
      std::uint32_t bits = 0;
      for (std::size_t j = 0; j < 3; ++j)
        bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
      for (std::size_t j = 0; j < 4; ++j)
        text += i + j <= bytes.size() ? alphabet[bits >> (18 - 6 * j) & 63] : '=';
    }
    return text;
  }

  static std::string in_letters(std::string_view bytes) {
    std::string text;
    for (const auto c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      const auto is_letter = [](unsigned b) {
        return (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      };
      unsigned letter = byte;
      if (!is_letter(byte)) {
        letter = 0x100;
        for (unsigned b = 0; b < byte; ++b)
          letter += is_letter(b) ? 0 : 1;
      }
      if (letter < 0x80) {
        text += static_cast<char>(letter);
      } else {
        text += static_cast<char>(0xc0 | letter >> 6);
        text += static_cast<char>(0x80 | (letter & 0x3f));
      }
    }
    return text;
  }
};

/// What the vocabularies of the tests are trained on.
inline constexpr std::string_view training_text =
  "The harbour master counts the boats at dawn and again at dusk. He writes each name in a ledger: the "
  "Heron, "
  "the Petrel, the Tern. When a boat doesn't return, he's the first to know; they'll ring the bell and we're "
  "all "
  "down at the quay before the tide has turned. In 1987 there were 214 boats here, in 2003 only 96.\n\n"
  "aaaa aaaaaaaa aaaaaaaaaaaaaaaa\n"
  "int main() {\n    return harbour.count() == 214 ? 0 : 1;\n}\n"
  "Der Hafenmeister z\xC3\xA4hlt die Boote im Morgengrauen; \xD0\xBB\xD0\xBE\xD0\xB4\xD0\xBA\xD0\xB8 "
  "\xE6\xB8\xAF\xE6\xB9\xBE \xF0\x9F\x9A\xA2\n"
  "The ledger is kept in the harbour office, where the harbour master's daughter reads the names aloud. "
  "There's a rule: what was counted at dawn must be counted at dusk, and what wasn't must be accounted "
  "for.\n";

} // namespace guardrails::test
