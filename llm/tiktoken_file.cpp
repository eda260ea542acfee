// Reads tiktoken's lines and derives the merges: two tokens merge when their bytes together are a token, and
// its rank is the priority.
#include "llm/tiktoken_file.hpp"

#include <guardrails/errors.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <unordered_set>

namespace guardrails::llm {

namespace {

// Every way of halving a token is looked up, so this bounds the work.
constexpr std::size_t longest_token = 512; // bytes

constexpr token_id highest_rank = 100'000'000;

[[noreturn]] void refuse(const std::string& source, int line, std::string problem) {
  throw config_error{{source, line, 0}, {}, std::move(problem)};
}

/// The standard alphabet with padding (RFC 4648, 4), nothing else.
std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.empty() || text.size() % 4 != 0)
    return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const auto c : text.substr(0, text.size() - padding)) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos)
      return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8)
      continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count);
    bits &= (1u << count) - 1;
  }
  return bits == 0 ? std::optional{std::move(bytes)} : std::nullopt;
}

std::optional<token_id> parse_rank(std::string_view text) {
  token_id rank = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, rank);
  return error == std::errc{} && stop == end && rank <= highest_rank ? std::optional{rank} : std::nullopt;
}

token_map read_lines(std::string_view content, const std::string& source) {
  token_map tokens;
  std::unordered_set<token_id> ranks;
  int line = 0;
  while (!content.empty()) {
    ++line;
    const auto end = content.find('\n');
    const auto text = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    const auto middle = text.find(' ');
    if (middle == std::string_view::npos)
      refuse(source, line, "is no token and rank; expected Base64, a space and a number");
    auto token = decode_base64(text.substr(0, middle));
    const auto rank = parse_rank(text.substr(middle + 1));
    if (!token)
      refuse(source, line, "has a token that is not Base64");
    if (token->size() > longest_token)
      refuse(source, line, "has a token of more than " + std::to_string(longest_token) + " bytes");
    if (!rank)
      refuse(source, line, "has a rank that is no number from 0 to " + std::to_string(highest_rank));
    if (!ranks.insert(*rank).second)
      refuse(source, line, "has the rank of an earlier line");
    if (!tokens.emplace(std::move(*token), *rank).second)
      refuse(source, line, "has the token of an earlier line");
  }
  return tokens;
}

std::vector<merge_rule> derive_merges(const token_map& tokens) {
  std::vector<merge_rule> merges;
  for (const auto& [bytes, rank] : tokens)
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      const auto left = tokens.find(std::string_view{bytes}.substr(0, cut));
      if (left == tokens.end())
        continue;
      if (const auto right = tokens.find(std::string_view{bytes}.substr(cut)); right != tokens.end())
        merges.push_back({left->second, right->second, rank, rank});
    }
  return merges;
}

} // namespace

bpe_vocabulary read_tiktoken(std::string_view content, const std::string& source, pretokenizer rules) {
  bpe_vocabulary result;
  result.tokens = read_lines(content, source);
  for (int byte = 0; byte < 256; ++byte)
    if (!result.tokens.contains(std::string(1, static_cast<char>(byte))))
      refuse(source, 0, "has no token for the byte " + std::to_string(byte) + "; expected one for each byte");
  result.merges = derive_merges(result.tokens);
  result.rules = rules;
  result.whole_pieces_first = true;
  return result;
}

} // namespace guardrails::llm
