// Reads the parts of a tokenizer.json that decide how many tokens a text has, and refuses what they may say
// beyond byte-level BPE.
#include "llm/tokenizer_json.hpp"

#include <guardrails/errors.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <unordered_set>
#include <utility>

namespace guardrails::llm {

namespace {

namespace json = boost::json;

// The alphabet in which these files write bytes: printable Latin-1 stands for itself, the others, in order,
// for U+0100 and on.
constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

constexpr std::size_t alphabet_end = 0x100 + 68;

constexpr auto byte_of_letter = [] {
  std::array<int, alphabet_end> table{};
  table.fill(-1);
  std::size_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte)
    table[stands_for_itself(byte) ? byte : next++] = static_cast<int>(byte);
  return table;
}();

/// The bytes that a token is written for; nothing when it is not of the alphabet, as some special tokens.
std::optional<std::string> bytes_of(std::string_view token) {
  std::string bytes;
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::size_t letter = static_cast<unsigned char>(token[i]);
    if (letter >= 0x80) { // JSON is valid UTF-8, and two bytes reach beyond the alphabet
      if (letter >= 0xe0 || i + 1 == token.size())
        return std::nullopt;
      letter = (letter & 0x1f) << 6 | (static_cast<unsigned char>(token[++i]) & 0x3f);
    }
    const auto byte = letter < alphabet_end ? byte_of_letter[letter] : -1;
    if (byte < 0)
      return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

// -- the regular expressions that piece_end() knows, put together from their parts

constexpr std::string_view contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
constexpr std::string_view not_word = R"([^\r\n\p{L}\p{N}]?)";
constexpr std::string_view word_head = R"([\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}])";
constexpr std::string_view word_tail = R"([\p{Ll}\p{Lm}\p{Lo}\p{M}])";
constexpr std::string_view symbols = R"(| ?[^\s\p{L}\p{N}]+)";
constexpr std::string_view spaces = R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (const auto part : parts)
    whole += part;
  return whole;
}

std::optional<pretokenizer> known_pattern(std::string_view pattern) {
  const auto word = join({contractions, "|", not_word, R"(\p{L}+)"});
  const auto rest = join({symbols, R"([\r\n]*)", spaces});
  if (pattern == join({word, R"(|\p{N}{1,3})", rest}))
    return pretokenizer::cl100k;
  if (pattern == join({word, R"(|\p{N})", rest}))
    return pretokenizer::qwen2;
  const auto words = join({not_word, word_head, "*", word_tail, "+", contractions, "?|", //
                           not_word, word_head, "+", word_tail, "*", contractions, "?"});
  if (pattern == join({words, R"(|\p{N}{1,3})", symbols, R"([\r\n/]*)", spaces}))
    return pretokenizer::o200k;
  return std::nullopt;
}

/// A value and where it stands in the document.
class spot {
public:
  spot(const std::string& source, std::string path, const json::value& value)
    : source_{&source}
    , path_{std::move(path)}
    , value_{&value} {}

  [[noreturn]] void refuse(std::string problem) const {
    throw config_error{{*source_, 0, 0}, path_, std::move(problem)};
  }

  /// A member; null where it is absent.
  spot operator[](std::string_view name) const {
    static const json::value null;
    const auto* found = object().if_contains(name);
    return {*source_, path_.empty() ? std::string{name} : path_ + '.' + std::string{name},
            found == nullptr ? null : *found};
  }

  const json::object& object() const {
    if (!value_->is_object())
      refuse("is no object; expected a map");
    return value_->get_object();
  }

  const json::array& array() const {
    if (!value_->is_array())
      refuse("is no array; expected a list");
    return value_->get_array();
  }

  std::string_view text() const {
    if (!value_->is_string())
      refuse("is no string; expected a text");
    return value_->get_string();
  }

  bool flag(bool otherwise) const {
    if (is_null())
      return otherwise;
    if (!value_->is_bool())
      refuse("is no boolean; expected true or false");
    return value_->get_bool();
  }

  bool is_null() const { return value_->is_null(); }
  bool is_empty_text() const { return value_->is_string() && value_->get_string().empty(); }

  spot element(std::size_t index) const {
    return {*source_, path_ + '[' + std::to_string(index) + ']', array()[index]};
  }

private:
  const std::string* source_;
  std::string path_;
  const json::value* value_;
};

json::value parse(std::string_view content, const std::string& source) {
  json::stream_parser parser;
  json::error_code error;
  const auto read = parser.write_some(content.data(), content.size(), error);
  const bool more = !error && content.find_first_not_of(" \t\r\n", read) != std::string_view::npos;
  if (!error && !more)
    parser.finish(error);
  if (error || more) {
    const auto end = content.begin() + static_cast<std::ptrdiff_t>(std::min(read, content.size()));
    const auto line = 1 + std::count(content.begin(), end, '\n');
    throw config_error{{source, static_cast<int>(line), 0}, {}, "is not valid JSON"};
  }
  return parser.release();
}

// -- how texts are cut

bool is_byte_level(const spot& part, bool with_regex) {
  if (part["type"].text() != "ByteLevel")
    return false;
  if (part["add_prefix_space"].flag(true))
    part["add_prefix_space"].refuse("adds a space before a text, which is not supported; expected false");
  return part["use_regex"].flag(true) == with_regex;
}

pretokenizer split_rules(const spot& split) {
  if (split["type"].text() != "Split")
    split["type"].refuse(
      "is not supported; expected ByteLevel, or Split and ByteLevel, or the key pretokenizer "
      "in the configuration");
  if (split["behavior"].text() != "Isolated" || split["invert"].flag(false))
    split.refuse("splits in a way that is not supported; expected behavior Isolated without invert");
  const auto rules = known_pattern(split["pattern"]["Regex"].text());
  if (!rules)
    split["pattern"].refuse(
      "is a regular expression that is not known; expected that of gpt2, cl100k, qwen2 or "
      "o200k, or the key pretokenizer in the configuration");
  return *rules;
}

/// The steps before the merges: one, or those of a sequence.
std::vector<spot> steps_of(const spot& pre) {
  if (pre.is_null())
    pre.refuse("is missing; expected ByteLevel");
  if (pre["type"].text() != "Sequence")
    return {pre};
  const auto list = pre["pretokenizers"];
  std::vector<spot> steps;
  for (std::size_t i = 0; i < list.array().size(); ++i)
    steps.push_back(list.element(i));
  return steps;
}

pretokenizer rules_of(const spot& pre, std::optional<pretokenizer> chosen) {
  const auto steps = steps_of(pre);
  if (steps.empty() || steps.back()["type"].text() != "ByteLevel")
    pre.refuse("does not end in ByteLevel; expected a byte-level vocabulary");
  if (chosen)
    return *chosen;
  if (steps.size() == 1 && is_byte_level(steps[0], true))
    return pretokenizer::gpt2;
  if (steps.size() != 2 || !is_byte_level(steps[1], false))
    pre.refuse("is not supported; expected ByteLevel, or Split and ByteLevel without use_regex, or the key "
               "pretokenizer in the configuration");
  return split_rules(steps[0]);
}

bool composes(const spot& normalizer) {
  if (normalizer.is_null())
    return false;
  if (normalizer["type"].text() != "NFC")
    normalizer["type"].refuse("is not supported; expected no normalizer, or NFC");
  return true;
}

// -- the model

void check_model(const spot& model) {
  if (const auto type = model["type"]; type.is_null() || type.text() != "BPE")
    type.refuse("is not supported; expected BPE");
  for (const auto* name : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
    if (const auto part = model[name]; !part.is_null() && !part.is_empty_text())
      part.refuse("is not supported; expected null");
  if (model["byte_fallback"].flag(false))
    model["byte_fallback"].refuse("is not supported; expected false: a byte-level vocabulary");
}

token_map read_tokens(const spot& vocabulary) {
  token_map tokens;
  std::unordered_set<token_id> ids;
  for (const auto& [text, value] : vocabulary.object()) {
    const auto id = value.is_int64() ? value.get_int64() : -1;
    if (id < 0 || id > 100'000'000)
      vocabulary.refuse("has a token whose number is not from 0 to 100000000");
    if (!ids.insert(static_cast<token_id>(id)).second)
      vocabulary.refuse("has the number " + std::to_string(id) + " twice");
    if (auto bytes = bytes_of(text))
      tokens.emplace(std::move(*bytes), static_cast<token_id>(id));
  }
  for (int byte = 0; byte < 256; ++byte)
    if (!tokens.contains(std::string(1, static_cast<char>(byte))))
      vocabulary.refuse("has no token for the byte " + std::to_string(byte) + "; expected one for each byte");
  return tokens;
}

/// Both halves of a merge: `"a b"`, or `["a", "b"]` in newer files.
std::pair<std::string_view, std::string_view> halves_of(const spot& merge, const json::value& value) {
  if (value.is_array() && value.get_array().size() == 2)
    return {merge.element(0).text(), merge.element(1).text()};
  const auto text = merge.text();
  const auto middle = text.find(' ');
  if (middle == std::string_view::npos || text.find(' ', middle + 1) != std::string_view::npos)
    merge.refuse("is no pair; expected two tokens with a space in between");
  return {text.substr(0, middle), text.substr(middle + 1)};
}

std::vector<merge_rule> read_merges(const spot& list, const token_map& tokens) {
  std::vector<merge_rule> merges;
  std::unordered_set<std::uint64_t> pairs;
  const auto& values = list.array();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto merge = list.element(i);
    const auto [first, second] = halves_of(merge, values[i]);
    const auto find = [&](const std::optional<std::string>& bytes) {
      const auto found = bytes ? tokens.find(*bytes) : tokens.end();
      if (found == tokens.end())
        merge.refuse("has a token that is not in model.vocab");
      return found->second;
    };
    const auto left = bytes_of(first);
    const auto right = bytes_of(second);
    merge_rule rule{find(left), find(right), 0, static_cast<std::uint32_t>(i)};
    rule.merged = find(*left + *right);
    if (!pairs.insert(std::uint64_t{rule.left} << 32 | rule.right).second)
      merge.refuse("is the pair of an earlier merge");
    merges.push_back(rule);
  }
  return merges;
}

} // namespace

bpe_vocabulary read_tokenizer_json(std::string_view content, const std::string& source,
                                   std::optional<pretokenizer> rules) {
  const auto document = parse(content, source);
  const spot whole{source, {}, document};
  const auto model = whole["model"];
  check_model(model);
  bpe_vocabulary result;
  result.composed = composes(whole["normalizer"]);
  result.rules = rules_of(whole["pre_tokenizer"], rules);
  result.tokens = read_tokens(model["vocab"]);
  result.merges = read_merges(model["merges"], result.tokens);
  result.whole_pieces_first = model["ignore_merges"].flag(false);
  return result;
}

} // namespace guardrails::llm
