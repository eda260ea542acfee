// Puts the replacements of findings into a text.
#include "checks/masking.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

struct cut {
  std::size_t begin;
  std::size_t end;
  const std::string* replacement;
};

// The spans that carry a replacement, clipped to the text and counted from its start.
std::vector<cut> cuts_within(std::size_t size, std::uint64_t offset, std::span<const finding> findings) {
  std::vector<cut> cuts;
  for (const auto& f : findings) {
    if (!f.replacement)
      continue;
    const auto begin = std::max(f.span.begin, offset) - offset;
    const auto end = std::min<std::uint64_t>(std::max(f.span.end, offset) - offset, size);
    if (begin < end)
      cuts.push_back({static_cast<std::size_t>(begin), static_cast<std::size_t>(end), &*f.replacement});
  }
  std::ranges::stable_sort(
    cuts, [](const cut& a, const cut& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  return cuts;
}

// Spans that overlap count as one and keep the replacement of the first, longest one.
std::vector<cut> merged(const std::vector<cut>& cuts) {
  std::vector<cut> apart;
  for (const auto& c : cuts) {
    if (!apart.empty() && c.begin < apart.back().end)
      apart.back().end = std::max(apart.back().end, c.end);
    else
      apart.push_back(c);
  }
  return apart;
}

std::string replaced(std::string_view text, const std::vector<cut>& cuts) {
  std::string masked;
  masked.reserve(text.size());
  std::size_t done = 0;
  for (const auto& c : cuts) {
    masked.append(text.substr(done, c.begin - done)).append(*c.replacement);
    done = c.end;
  }
  return masked.append(text.substr(done));
}

} // namespace

std::string apply_replacements(std::string_view text, std::uint64_t offset,
                               std::span<const finding> findings) {
  return replaced(text, merged(cuts_within(text.size(), offset, findings)));
}

masked_text::masked_text(std::string_view text, std::span<const finding> findings) {
  const auto cuts = merged(cuts_within(text.size(), 0, findings));
  text_ = replaced(text, cuts);
  std::uint64_t grown = 0; // modulo 2^64: the text may have shrunk
  for (const auto& c : cuts) {
    const auto begin = c.begin + grown;
    pieces_.push_back({{c.begin, c.end}, {begin, begin + c.replacement->size()}});
    grown = begin + c.replacement->size() - c.end;
  }
}

std::uint64_t masked_text::begin_of(std::uint64_t position) const {
  const auto after =
    std::ranges::upper_bound(pieces_, position, {}, [](const piece& p) { return p.masked.begin; });
  if (after == pieces_.begin())
    return position;
  const auto& before = *std::prev(after);
  return position < before.masked.end ? before.original.begin
                                      : position - before.masked.end + before.original.end;
}

std::uint64_t masked_text::end_of(std::uint64_t position) const {
  const auto after =
    std::ranges::lower_bound(pieces_, position, {}, [](const piece& p) { return p.masked.begin; });
  if (after == pieces_.begin())
    return position;
  const auto& before = *std::prev(after);
  return position <= before.masked.end ? before.original.end
                                       : position - before.masked.end + before.original.end;
}

byte_span masked_text::original(byte_span masked) const {
  return {begin_of(masked.begin), end_of(masked.end)};
}

} // namespace guardrails::checks
