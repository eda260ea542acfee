// Puts the replacements of findings into a text.
#include "checks/masking.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

std::string replaced(std::string_view text, std::span<const masked_stretch> stretches,
                     std::span<const finding> findings) {
  std::string masked;
  masked.reserve(text.size());
  std::size_t done = 0;
  for (const auto& s : stretches) {
    masked.append(text.substr(done, s.begin - done)).append(*findings[s.findings.front()].replacement);
    done = s.end;
  }
  return masked.append(text.substr(done));
}

} // namespace

std::vector<masked_stretch> masked_stretches(std::size_t size, std::uint64_t offset,
                                             std::span<const finding> findings) {
  std::vector<masked_stretch> each;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto& f = findings[i];
    if (!f.replacement || f.message)
      continue;
    const auto begin = std::max(f.span.begin, offset) - offset;
    const auto end = std::min<std::uint64_t>(std::max(f.span.end, offset) - offset, size);
    if (begin < end)
      each.push_back({static_cast<std::size_t>(begin), static_cast<std::size_t>(end), {i}});
  }
  std::ranges::stable_sort(each, [](const masked_stretch& a, const masked_stretch& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::vector<masked_stretch> apart;
  for (auto& s : each) {
    if (!apart.empty() && s.begin < apart.back().end) {
      apart.back().end = std::max(apart.back().end, s.end);
      apart.back().findings.push_back(s.findings.front());
    } else {
      apart.push_back(std::move(s));
    }
  }
  return apart;
}

bool is_personal_data(const masked_stretch& stretch, std::span<const finding> findings) {
  return std::ranges::all_of(stretch.findings, [&](std::size_t i) { return findings[i].check == "pii"; });
}

void set_replacement(const masked_stretch& stretch, std::span<finding> findings,
                     const std::string& replacement) {
  for (const auto i : stretch.findings)
    findings[i].replacement = replacement;
}

std::string apply_replacements(std::string_view text, std::uint64_t offset,
                               std::span<const finding> findings) {
  return replaced(text, masked_stretches(text.size(), offset, findings), findings);
}

masked_text::masked_text(std::string_view text, std::span<const finding> findings) {
  const auto stretches = masked_stretches(text.size(), 0, findings);
  text_ = replaced(text, stretches, findings);
  std::uint64_t grown = 0; // modulo 2^64: the text may have shrunk
  for (const auto& s : stretches) {
    const auto begin = s.begin + grown;
    const auto end = begin + findings[s.findings.front()].replacement->size();
    pieces_.push_back({{s.begin, s.end}, {begin, end}});
    grown = end - s.end;
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
