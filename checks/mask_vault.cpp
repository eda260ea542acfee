// Keeps what placeholders stand for.
#include "checks/mask_vault.hpp"

#include "checks/masking.hpp"
#include "checks/placeholder.hpp"

#include <algorithm>

namespace guardrails::checks {

namespace {

// Stands for a text that looks like a placeholder of ours and is none.
constexpr std::string_view quoted_entity = "QUOTED_TEXT";

/// A text as what is written by others and, between that, what gets placeholders.
struct dissected_text {
  std::vector<std::string> plain{{}};          // one more than values
  std::vector<const masked_stretch*> values{}; // of the stretches it was cut along
};

dissected_text dissect(std::string_view text, std::span<const masked_stretch> stretches,
                       std::span<const finding> findings) {
  dissected_text parts;
  std::size_t done = 0;
  for (const auto& stretch : stretches) {
    parts.plain.back().append(text.substr(done, stretch.begin - done));
    done = stretch.end;
    if (is_personal_data(stretch, findings)) {
      parts.values.push_back(&stretch);
      parts.plain.emplace_back();
    } else {
      parts.plain.back().append(*findings[stretch.findings.front()].replacement);
    }
  }
  parts.plain.back().append(text.substr(done));
  return parts;
}

} // namespace

std::optional<std::string> mask_vault::placeholder_of(const found_value& wanted) {
  if (const auto known = placeholders_.find(wanted); known != placeholders_.end())
    return known->second;
  const auto size = 3 * (wanted.entity.size() + wanted.value.size()) + longest_placeholder;
  if (values_.size() >= most_values || reserved_.size() >= most_values || size > most_bytes - bytes_)
    return std::nullopt;
  // Ends: every number that is passed over is taken, and is never looked at again.
  for (auto& number = latest_[wanted.entity];;) {
    auto name = write_placeholder(wanted.entity, ++number);
    auto read = read_placeholder(name);
    if (read.match != placeholder_match::whole)
      return std::nullopt; // a name that is too long to be read back
    if (reserved_.contains(read.key) || !values_.add(std::move(read.key), wanted.value))
      continue;
    placeholders_.emplace(wanted, name);
    if (wanted.entity != quoted_entity)
      found_.push_back(wanted);
    bytes_ += size;
    return name;
  }
}

// A number that stands in the text already is not given out any more.
void mask_vault::reserve(std::string_view text) {
  for_each_placeholder(text, [&](std::size_t, const placeholder& read) {
    if (!values_.find(read.key) && reserved_.size() < most_values)
      reserved_.insert(read.key);
  });
}

// `text` with placeholders in place of what reads as one of ours.
std::string mask_vault::quoting(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for_each_placeholder(text, [&](std::size_t begin, const placeholder& read) {
    if (!values_.find(read.key))
      return;
    const auto written = text.substr(begin, read.length);
    const auto quotation = placeholder_of({std::string{quoted_entity}, std::string{written}});
    out.append(text.substr(done, begin - done));
    if (quotation)
      out.append(*quotation);
    else
      out.append("<").append(quoted_entity).append(">"); // for good
    done = begin + read.length;
  });
  return out.append(text.substr(done));
}

std::string mask_vault::mask(std::string_view text, std::uint64_t offset, std::span<finding> findings) {
  const auto stretches = masked_stretches(text.size(), offset, findings);
  const auto parts = dissect(text, stretches, findings);
  for (const auto& plain : parts.plain)
    reserve(plain);
  auto out = quoting(parts.plain.front());
  for (std::size_t i = 0; i < parts.values.size(); ++i) {
    const auto& stretch = *parts.values[i];
    auto& first = findings[stretch.findings.front()];
    const std::string value{text.substr(stretch.begin, stretch.end - stretch.begin)};
    if (const auto name = placeholder_of({first.entity.value_or(first.label), value}))
      set_replacement(stretch, findings, *name);
    out.append(*first.replacement).append(quoting(parts.plain[i + 1]));
  }
  return out;
}

} // namespace guardrails::checks
