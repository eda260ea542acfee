// Cuts where no word and no mark reaches across, and emphasis has been looked for far enough behind the cut.
#include "checks/normalised_stream.hpp"

#include "checks/code_point_class.hpp"
#include "checks/normalise.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <optional>

namespace guardrails::checks {

namespace {

namespace flag = code_point_flag;

// How far emphasis looks ahead: a phrase and the value at its end.
constexpr std::size_t emphasis_reach = 384;

constexpr bool is_white(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether no word, mark or emphasis reaches across the cut: white space, or a sign that is not ASCII, and
/// behind it what stands for itself.
bool is_safe_cut(std::string_view text, std::size_t at) {
  const auto left = decode_before(text, at);
  const auto right = decode_at(text, at);
  if (left.value == no_code_point || right.value == no_code_point || right.value == '_' ||
      right.value == '\\')
    return false;
  constexpr code_point_flags joining = flag::word_part | flag::unsettled | flag::mark | flag::invisible;
  const auto ends =
    left.value < 0x80 ? is_white(static_cast<char>(left.value)) : (flags_of(left.value) & joining) == 0;
  return ends && (flags_of(right.value) & (flag::unsettled | flag::mark | flag::invisible)) == 0;
}

/// The last safe cut at or before `at`; 0 where there is none.
std::size_t safe_cut_before(std::string_view text, std::size_t at) {
  for (at = std::min(at, text.size()); at > 0; --at)
    if (at < text.size() && !is_continuation(text[at]) && is_safe_cut(text, at))
      return at;
  return 0;
}

std::size_t settled_size(std::string_view text) {
  return normalise(text, lookalikes::in_mixed_words, emphasis::keep).text().size();
}

} // namespace

std::string normalised_stream::take_settled() {
  const std::string_view text{held_};
  const auto end = safe_cut_before(text, text.size());
  auto cut = end > emphasis_reach ? safe_cut_before(text, end - emphasis_reach) : 0;
  auto behind = end;
  if (cut == 0 && text.size() >= most_held) {
    behind = text.size();
    cut = next_boundary(text, most_held / 2);
  }
  if (cut == 0) {
    wanted_ = std::min(most_held, held_.size() + std::max(block, held_.size() / 2));
    return {};
  }
  const auto size = settled_size(text.substr(0, cut));
  auto whole = normalise(text.substr(0, behind));
  std::string settled{whole.text().substr(0, size)};
  // Invisible characters leave nothing to look ahead at.
  if (whole.text().size() - size < emphasis_reach && text.size() < most_held) {
    wanted_ = held_.size() + block;
    return {};
  }
  held_.erase(0, cut);
  wanted_ = std::max(block, held_.size() + block / 2);
  return settled;
}

std::string normalised_stream::take_rest() {
  std::string rest{normalise(held_).text()};
  held_.clear();
  wanted_ = block;
  return rest;
}

} // namespace guardrails::checks
