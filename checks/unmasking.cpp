// Reads placeholders and writes what they stand for.
#include "checks/unmasking.hpp"

#include "checks/masking.hpp"
#include "checks/placeholder.hpp"

namespace guardrails::checks {

std::string unmask(std::string_view text, const masked_values& values) {
  unmasking all{values};
  auto out = all.feed(text);
  return out.append(all.finish());
}

std::string unmask_between(std::string_view text, std::span<const finding> findings,
                           const masked_values& values) {
  std::string out;
  std::size_t done = 0;
  for (const auto& stretch : masked_stretches(text.size(), 0, findings)) {
    out.append(unmask(text.substr(done, stretch.begin - done), values));
    out.append(*findings[stretch.findings.front()].replacement);
    done = stretch.end;
  }
  return out.append(unmask(text.substr(done), values));
}

std::string unmasking::feed(std::string_view piece) {
  if (values_->empty())
    return std::string{piece};
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
    const auto read = read_placeholder(std::string_view{held_}.substr(pos));
    if (read.match == placeholder_match::unfinished && !ends)
      break;
    const auto* original = read.match == placeholder_match::whole ? values_->find(read.key) : nullptr;
    if (original) {
      out.append(held_, done, pos - done).append(*original);
      done = pos + read.length;
    }
    pos = find_placeholder_begin(held_, original ? done : pos + 1);
  }
  out.append(held_, done, pos - done);
  held_.erase(0, pos);
  return out;
}

} // namespace guardrails::checks
