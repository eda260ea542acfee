// Keeps what placeholders stand for.
#include "checks/mask_vault.hpp"

#include "checks/placeholder.hpp"

#include <algorithm>
#include <vector>

namespace guardrails::checks {

namespace {

// Stands for a text that looks like a placeholder of ours and is none.
constexpr std::string_view quoted_entity = "QUOTED_TEXT";

constexpr std::uint32_t most_tries = 64; // for a number that nobody else uses

/// Calls `see(begin, placeholder)` for everything in `text` that reads as a placeholder.
template <class See>
void for_each_placeholder(std::string_view text, See&& see) {
  for (auto pos = find_placeholder_begin(text, 0); pos < text.size();) {
    const auto found = read_placeholder(text.substr(pos));
    const bool whole = found.match == placeholder_match::whole;
    if (whole)
      see(pos, found);
    pos = find_placeholder_begin(text, pos + (whole ? found.length : 1));
  }
}

std::vector<finding> masked_in_order(std::span<const finding> findings) {
  std::vector<finding> masked;
  std::ranges::copy_if(findings, std::back_inserter(masked),
                       [](const finding& f) { return f.replacement && f.span.begin < f.span.end; });
  std::ranges::stable_sort(masked, [](const finding& a, const finding& b) {
    return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.span.end > b.span.end;
  });
  return masked;
}

} // namespace

const std::string* mask_vault::find(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

std::optional<std::string> mask_vault::placeholder_of(std::string_view entity, std::string_view value) {
  const given wanted{std::string{entity}, std::string{value}};
  if (const auto known = placeholders_.find(wanted); known != placeholders_.end())
    return known->second;
  const auto size = 2 * (entity.size() + value.size()) + longest_placeholder;
  if (values_.size() >= most_values || size > most_bytes - bytes_)
    return std::nullopt;
  auto& number = latest_[wanted.entity];
  for (std::uint32_t tries = 0; tries < most_tries; ++tries) {
    auto name = write_placeholder(entity, ++number);
    const auto read = read_placeholder(name);
    if (read.match != placeholder_match::whole)
      return std::nullopt;
    if (values_.contains(read.key) || reserved_.contains(read.key))
      continue;
    values_.emplace(read.key, value);
    placeholders_.emplace(wanted, name);
    bytes_ += size;
    return name;
  }
  return std::nullopt;
}

// A number that stands in the text already is not given out any more.
void mask_vault::reserve_keys(std::string_view text) {
  for_each_placeholder(text, [&](std::size_t, const placeholder& found) {
    if (values_.contains(found.key) || reserved_.size() >= most_values)
      return;
    if (reserved_.insert(found.key).second)
      bytes_ += std::min(most_bytes - bytes_, found.key.size());
  });
}

// What is not masked, with placeholders in place of what reads as one of ours.
std::string mask_vault::shield(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for_each_placeholder(text, [&](std::size_t begin, const placeholder& found) {
    if (!values_.contains(found.key))
      return;
    out += text.substr(done, begin - done);
    const auto written = text.substr(begin, found.length);
    out += placeholder_of(quoted_entity, written).value_or(std::string{written});
    done = begin + found.length;
  });
  return out.append(text.substr(done));
}

std::string mask_vault::mask(std::string_view text, std::uint64_t offset, std::span<const finding> findings) {
  reserve_keys(text);
  std::string out;
  std::size_t done = 0;
  for (const auto& f : masked_in_order(findings)) {
    const auto clip = [&](std::uint64_t position) {
      return static_cast<std::size_t>(std::clamp<std::uint64_t>(position, offset, offset + text.size()) -
                                      offset);
    };
    const auto begin = std::max(clip(f.span.begin), done);
    const auto end = clip(f.span.end);
    if (begin >= end)
      continue;
    out += shield(text.substr(done, begin - done));
    const auto value = text.substr(begin, end - begin);
    out += placeholder_of(f.entity.value_or(f.label), value).value_or(*f.replacement);
    done = end;
  }
  return out.append(shield(text.substr(done)));
}

std::string mask_vault::unmask(std::string_view text) const {
  unmasking all{*this};
  auto out = all.feed(text);
  return out.append(all.finish());
}

std::string unmasking::feed(std::string_view piece) {
  held_ += piece;
  return take(false);
}

std::string unmasking::finish() {
  return take(true);
}

std::string unmasking::take(bool ends) {
  std::string out;
  std::size_t done = 0;
  auto pos = find_placeholder_begin(held_, 0);
  while (pos < held_.size()) {
    const auto found = read_placeholder(std::string_view{held_}.substr(pos));
    if (found.match == placeholder_match::unfinished && !ends)
      break;
    const auto* original = found.match == placeholder_match::whole ? vault_->find(found.key) : nullptr;
    if (original) {
      out.append(held_, done, pos - done).append(*original);
      done = pos + found.length;
    }
    pos = find_placeholder_begin(held_, original ? done : pos + 1);
  }
  out.append(held_, done, pos - done);
  held_.erase(0, pos);
  return out;
}

} // namespace guardrails::checks
