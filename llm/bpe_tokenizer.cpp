// Merges by a heap over a linked list: n log n for a piece of n bytes.
#include "llm/bpe_tokenizer.hpp"

#include "llm/pretokenizer.hpp"

#include <guardrails/utf8.hpp>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <bit>
#include <limits>

namespace guardrails::llm {

namespace {

constexpr token_id no_token = std::numeric_limits<token_id>::max();

constexpr std::size_t bytes_between_stops = 64 << 10;

// ICU puts the marks of one letter in order by insertion, so that many of them take quadratic time. No
// language stacks as many as fit in here.
constexpr std::size_t composed_at_once = 512;

/// Where a piece of at most `composed_at_once` bytes of `text` ends: before an ASCII character, with which
/// nothing before it composes, or at least a character.
std::size_t end_of_composed(std::string_view text) noexcept {
  if (text.size() <= composed_at_once)
    return text.size();
  for (auto end = composed_at_once; end > 0; --end)
    if (static_cast<unsigned char>(text[end]) < 0x80)
      return end;
  auto end = composed_at_once;
  while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return end;
}

/// Appends `piece` in form NFC, or as it is where it cannot be brought there.
void append_composed(std::string& out, const icu::Normalizer2& nfc, std::string_view piece) {
  auto status = U_ZERO_ERROR;
  const icu::StringPiece source{piece.data(), static_cast<std::int32_t>(piece.size())};
  const auto before = out.size();
  icu::StringByteSink<std::string> sink{&out};
  nfc.normalizeUTF8(0, source, sink, nullptr, status);
  if (U_FAILURE(status))
    out.replace(before, std::string::npos, piece);
}

/// `text` in form NFC, piece by piece; itself, without a copy, when it is ASCII.
std::string_view compose(std::string_view text, std::string& buffer, const std::function<bool()>& stop) {
  auto status = U_ZERO_ERROR;
  const auto* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status) || next_non_ascii(text, 0) == text.size())
    return text;
  std::size_t next_stop = bytes_between_stops;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = end_of_composed(text.substr(at));
    append_composed(buffer, *nfc, text.substr(at, length));
    at += length;
    if (at < next_stop)
      continue;
    if (stop && stop())
      break;
    next_stop = at + bytes_between_stops;
  }
  return buffer;
}

} // namespace

// -- merges

merge_table::merge_table(const std::vector<merge_rule>& merges) {
  const auto size = std::bit_ceil(2 * merges.size() + 2);
  shift_ = static_cast<unsigned>(64 - std::bit_width(size - 1));
  slots_.assign(size, {0, 0, no_token, 0});
  for (const auto& rule : merges)
    slots_[slot_of(rule.left, rule.right)] = rule;
}

// Where the pair is, or else the free slot where it would be.
std::size_t merge_table::slot_of(token_id left, token_id right) const noexcept {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15; // Fibonacci hashing
  const auto pair = std::uint64_t{left} << 32 | right;
  auto at = static_cast<std::size_t>(pair * golden >> shift_);
  while (slots_[at].merged != no_token && (slots_[at].left != left || slots_[at].right != right))
    at = (at + 1) & (slots_.size() - 1);
  return at;
}

const merge_rule* merge_table::find(token_id left, token_id right) const noexcept {
  const auto& slot = slots_[slot_of(left, right)];
  return slot.merged == no_token ? nullptr : &slot;
}

// -- one piece

/// Encodes pieces one after the other; its memory is used again.
class bpe_tokenizer::piece_encoder {
public:
  explicit piece_encoder(const bpe_tokenizer& owner)
    : owner_{owner} {}

  /// The tokens of `piece`, valid until the next call.
  const std::vector<token_id>& encode(std::string_view piece) {
    result_.clear();
    if (owner_.vocabulary_.whole_pieces_first || piece.size() == 1) {
      const auto& tokens = owner_.vocabulary_.tokens;
      if (const auto whole = tokens.find(piece); whole != tokens.end()) {
        result_.push_back(whole->second);
        return result_;
      }
    }
    start(piece);
    while (!candidates_.empty())
      merge_best();
    for (std::uint32_t at = 0; at < links_.size(); at = links_[at].next)
      result_.push_back(links_[at].token);
    return result_;
  }

private:
  /// A token, which stands where its first byte does.
  struct link {
    token_id token = no_token; // no_token: merged into an earlier one
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
  };

  /// A rule that applied at a place when it was noted down.
  struct candidate {
    const merge_rule* rule = nullptr;
    std::uint32_t at = 0;
  };

  static bool goes_after(const candidate& left, const candidate& right) noexcept {
    if (left.rule->priority != right.rule->priority)
      return left.rule->priority > right.rule->priority;
    return left.at > right.at;
  }

  void start(std::string_view piece) {
    links_.resize(piece.size());
    candidates_.clear();
    for (std::uint32_t at = 0; at < links_.size(); ++at)
      links_[at] = {owner_.bytes_[static_cast<unsigned char>(piece[at])], at - 1, at + 1};
    for (std::uint32_t at = 0; at < links_.size(); ++at)
      if (const auto* rule = rule_at(at))
        candidates_.push_back({rule, at});
    std::ranges::make_heap(candidates_, goes_after);
  }

  const merge_rule* rule_at(std::uint32_t at) const noexcept {
    const auto& left = links_[at];
    return left.next < links_.size() ? owner_.merges_.find(left.token, links_[left.next].token) : nullptr;
  }

  void note(std::uint32_t at) {
    const auto* rule = rule_at(at);
    if (rule == nullptr)
      return;
    candidates_.push_back({rule, at});
    std::ranges::push_heap(candidates_, goes_after);
  }

  void merge_best() {
    std::ranges::pop_heap(candidates_, goes_after);
    const auto [rule, at] = candidates_.back();
    candidates_.pop_back();
    auto& left = links_[at];
    const auto next = left.next;
    if (left.token != rule->left || next >= links_.size() || links_[next].token != rule->right)
      return; // a better one changed the place
    left.token = rule->merged;
    links_[next].token = no_token;
    left.next = links_[next].next;
    if (left.next < links_.size())
      links_[left.next].previous = at;
    note(at);
    if (at > 0)
      note(left.previous);
  }

  const bpe_tokenizer& owner_;
  std::vector<link> links_;
  std::vector<candidate> candidates_; // a heap
  std::vector<token_id> result_;
};

// -- texts

bpe_tokenizer::bpe_tokenizer(bpe_vocabulary vocabulary)
  : vocabulary_{std::move(vocabulary)}
  , merges_{vocabulary_.merges} {
  vocabulary_.merges = {}; // the table has them
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte)
    bytes_[byte] = vocabulary_.tokens.at(std::string(1, static_cast<char>(byte)));
}

template <class Taker>
void bpe_tokenizer::each_piece(std::string_view text, const std::function<bool()>& stop, Taker take) const {
  std::string composed;
  const auto whole = vocabulary_.composed ? compose(text, composed, stop) : text;
  piece_encoder encoder{*this};
  std::size_t next_stop = bytes_between_stops;
  for (std::size_t at = 0; at < whole.size();) {
    const auto view = whole.substr(at, longest_piece);
    const auto length = piece_end(vocabulary_.rules, view, 0);
    take(encoder.encode(view.substr(0, length)));
    at += length;
    if (at < next_stop)
      continue;
    if (stop && stop())
      return;
    next_stop = at + bytes_between_stops;
  }
}

std::vector<token_id> bpe_tokenizer::encode(std::string_view text) const {
  std::vector<token_id> all;
  each_piece(text, {}, [&](const auto& tokens) { all.insert(all.end(), tokens.begin(), tokens.end()); });
  return all;
}

std::uint64_t bpe_tokenizer::count(std::string_view text, const std::function<bool()>& stop) const {
  std::uint64_t sum = 0;
  each_piece(text, stop, [&](const auto& tokens) { sum += tokens.size(); });
  return sum;
}

} // namespace guardrails::llm
