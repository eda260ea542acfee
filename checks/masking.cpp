// Puts the replacements of findings into a text.
#include "checks/rail.hpp"

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

} // namespace

std::string apply_replacements(std::string_view text, std::uint64_t offset,
                               std::span<const finding> findings) {
  const auto cuts = cuts_within(text.size(), offset, findings);
  std::string masked;
  masked.reserve(text.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < cuts.size();) {
    masked.append(text.substr(done, cuts[i].begin - done)).append(*cuts[i].replacement);
    done = cuts[i].end;
    // Spans that overlap count as one and keep the replacement of the first, longest one.
    for (++i; i < cuts.size() && cuts[i].begin < done; ++i)
      done = std::max(done, cuts[i].end);
  }
  return masked.append(text.substr(done));
}

} // namespace guardrails::checks
