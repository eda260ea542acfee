// The feature templates.
#include "checks/tagger/features.hpp"

#include "checks/tagger/word_hash.hpp"

namespace guardrails::checks::tagger {

namespace {

using enum feature_group;

std::uint32_t bit(bool set, unsigned place) noexcept {
  return static_cast<std::uint32_t>(set) << place;
}

} // namespace

const std::array<feature_group, feature_count> feature_groups{
  // of every token
  word, shape, shape, shape, shape, context, context, context, context, lists, lists, lists,
  // of words only
  word, word, word, word, shape, shape, context, context, context, lists, lists, lists};

void token_looks::assign(std::span<const token> tokens, const vocabulary& usual) noexcept {
  size_ = tokens.size();
  const auto written = static_cast<std::uint32_t>(casing_of(tokens));
  const look nothing{.word = 1, .shape = 1, .full = 1, .gap = 3};
  looks_[0] = looks_[1] = looks_[size_ + 2] = looks_[size_ + 3] = nothing;
  for (std::size_t i = 0; i < size_; ++i) {
    const auto& t = tokens[i];
    const auto usually_small = t.is_word && usual.contains(t.word);
    const auto before = static_cast<std::uint32_t>(t.before);
    looks_[i + 2] = {.word = t.word,
                     .prefix = t.prefix,
                     .suffix2 = t.suffix2,
                     .suffix3 = t.suffix3,
                     .shape = t.shape,
                     .full = mix(t.shape, written | bit(usually_small, 4) | bit(t.starts_sentence, 5) |
                                            bit(t.before == gap::nothing, 6)),
                     .lists = t.lists,
                     .gap = before,
                     .is_word = t.is_word};
  }
}

token_features token_looks::features(std::size_t i) const noexcept {
  const auto& b2 = looks_[i];
  const auto& b1 = looks_[i + 1];
  const auto& at = looks_[i + 2];
  const auto& a1 = looks_[i + 3];
  const auto& a2 = looks_[i + 4];
  const auto here_and_next = mix(at.full, a1.full);
  token_features out;
  const auto add = [&](std::uint32_t hash) { out.hashes[out.count++] = hash; };
  add(mix(1, at.word));
  add(mix(2, at.full));
  add(mix(b1.full, mix(3, at.full)));
  add(mix(4, here_and_next));
  add(mix(5 + (at.gap << 8) + (a1.gap << 12), at.shape));
  add(mix(6, b1.word));
  add(mix(7, a1.word));
  add(mix(b1.word, mix(8, at.full)));
  add(mix(a1.word, mix(9, at.full)));
  add(mix(10, b1.lists << 16 | at.lists));
  add(mix(11, at.lists << 16 | a1.lists));
  add(mix(mix(12, b1.lists << 16 | a1.lists), at.shape));
  if (!at.is_word)
    return out;
  add(mix(at.word, at.shape));
  add(mix(14, at.prefix));
  add(mix(15, at.suffix2));
  add(mix(16, at.suffix3));
  add(mix(b1.full, mix(17, here_and_next)));
  add(mix(mix(18, at.shape), b2.shape ^ b1.shape * 3));
  add(mix(19, b2.word));
  add(mix(20, a2.word));
  add(mix(b2.word, mix(21, b1.word)));
  add(mix(22 + (at.lists << 8), at.full));
  add(mix(mix(23, b1.word), at.lists));
  add(mix(mix(24, b2.lists << 16 | b1.lists), at.lists));
  return out;
}

} // namespace guardrails::checks::tagger
