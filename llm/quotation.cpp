// Cuts quotations out of untrusted text.
#include "llm/quotation.hpp"

#include "llm/escapes.hpp"
#include "llm/json_text.hpp"

#include <guardrails/ascii.hpp>
#include <guardrails/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_set>

namespace guardrails::llm {

namespace {

constexpr std::size_t shortest_key_run = 6;
constexpr std::size_t shortest_repetition = 12; // letters and digits
constexpr std::size_t shortest_number = 6;      // digits, whatever stands between them
constexpr std::size_t shortest_message = 3;     // that counts as repeated; "hi" is in every other word
constexpr int deepest_escapes = 3;
constexpr std::string_view withheld = "(not shown: it repeats the conversation)";

/// The length of the longest beginning of `text` that occurs in `key`.
std::size_t shared_run(std::string_view text, std::string_view key) {
  std::size_t length = 0;
  while (length < text.size() && key.find(text.substr(0, length + 1)) != std::string_view::npos)
    ++length;
  return length;
}

/// `cut`: the text goes on, so that what it ends in may be the beginning of the key.
std::string without_key(std::string_view text, std::string_view key, bool cut) {
  const auto least = std::min(shortest_key_run, key.size());
  std::string out;
  while (!text.empty()) {
    const auto run = least > 0 ? shared_run(text, key) : 0;
    if (cut && run == text.size())
      break;
    if (run > 0 && run >= least) {
      out += "***";
      text.remove_prefix(run);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

// -- repetitions: compared are letters and digits only, so that line breaks, quotes and case do not matter

bool counts(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || is_letter_or_digit(c);
}

char folded(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The first `most` letters and digits of `text`.
std::string fold(std::string_view text, std::size_t most = std::string_view::npos) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < most; ++i)
    if (counts(text[i]))
      out += folded(text[i]);
  return out;
}

/// Hashes of the last `Width` characters, one more at a time (Rabin and Karp, 1987).
template <std::size_t Width>
class rolling_hash {
public:
  /// True when the window is full.
  bool add(char c) noexcept {
    auto& slot = window_[count_ % Width];
    hash_ = hash_ * factor + value(c) - (count_ >= Width ? leaving * value(slot) : 0);
    slot = c;
    return ++count_ >= Width;
  }
  std::uint64_t hash() const noexcept { return hash_; }

private:
  static constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t leaving = [] {
    std::uint64_t power = 1;
    for (std::size_t i = 0; i < Width; ++i)
      power *= factor;
    return power;
  }();
  static constexpr std::uint64_t value(char c) noexcept { return static_cast<unsigned char>(c) + 1u; }

  std::uint64_t hash_ = 0;
  std::size_t count_ = 0;
  char window_[Width] = {};
};

/// The windows of `Width` among those characters of a text that `chosen` takes.
template <std::size_t Width>
std::unordered_set<std::uint64_t> windows_of(std::string_view text, bool (*chosen)(char) noexcept) {
  std::unordered_set<std::uint64_t> windows;
  rolling_hash<Width> hash;
  for (const auto c : text)
    if (chosen(c) && hash.add(folded(c)))
      windows.insert(hash.hash());
  return windows;
}

template <std::size_t Width>
bool shares(const std::unordered_set<std::uint64_t>& windows, std::string_view message,
            bool (*chosen)(char) noexcept) {
  rolling_hash<Width> hash;
  return !windows.empty() && std::ranges::any_of(message, [&](char c) {
    return chosen(c) && hash.add(folded(c)) && windows.contains(hash.hash());
  });
}

bool is_short_and_within(std::string_view message, std::string_view folded_text) {
  const auto whole = fold(message, shortest_repetition);
  return whole.size() >= shortest_message && whole.size() < shortest_repetition &&
         folded_text.find(whole) != std::string_view::npos;
}

bool repeats_any(std::string_view text, std::span<const chat_message> messages) {
  const auto words = windows_of<shortest_repetition>(text, &counts);
  const auto numbers = windows_of<shortest_number>(text, &is_digit);
  const auto folded_text = fold(text);
  return std::ranges::any_of(messages, [&](const chat_message& message) {
    return shares<shortest_repetition>(words, message.content, &counts) ||
           shares<shortest_number>(numbers, message.content, &is_digit) ||
           is_short_and_within(message.content, folded_text);
  });
}

// An upstream may quote what it got as a program would write it down, and that once more.
bool repeats_any_unescaped(std::string_view text, std::span<const chat_message> messages) {
  std::string read{text};
  for (int depth = 0; depth < deepest_escapes; ++depth) {
    if (repeats_any(read, messages))
      return true;
    auto next = without_escapes(read);
    if (next == read)
      return false;
    read = std::move(next);
  }
  return repeats_any(read, messages);
}

// -- visible text

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty() && out.size() < quotation::longest) {
    const auto length = utf8_sequence_length(text);
    const auto character = text.substr(0, length);
    if (character == "\n" || character == "\t" || character == "\r")
      out += ' ';
    else if (length == 0 || is_control(character))
      out += '?';
    else
      out += character;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return std::string{utf8_prefix(out, quotation::longest)};
}

} // namespace

std::string quotation::of(std::string_view text) const {
  const std::array<std::string_view, 4> keys{config_.aws_session_token.reveal(),
                                             config_.aws_secret_key.reveal(), config_.aws_access_key.reveal(),
                                             config_.api_key.reveal()};
  std::size_t longest_key = 0;
  for (const auto key : keys)
    longest_key = std::max(longest_key, key.size());
  // The keys go first: a cut must not leave a part of one that no longer looks like it.
  const auto beginning = text.substr(0, 2 * longest + longest_key);
  if (repeats_any_unescaped(beginning, sent_))
    return std::string{withheld};
  std::string shown{beginning};
  for (const auto key : keys)
    if (!key.empty())
      shown = without_key(shown, key, beginning.size() < text.size());
  return visible(shown);
}

} // namespace guardrails::llm
