// Puts originals back in place of their placeholders.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/masked_values.hpp>

#include <span>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// `text` with the originals in place of the placeholders of `values`, also where case or spacing changed
/// (placeholder.hpp). What is no placeholder of theirs stays.
std::string unmask(std::string_view text, const masked_values& values);

/// An answer as its user sees it: masked as `findings` say, originals back in all else. A mask stays whatever
/// it reads like.
std::string unmask_between(std::string_view text, std::span<const finding> findings,
                           const masked_values& values);

/// unmask() for a text that comes in pieces. Holds back at most longest_placeholder bytes. The values must
/// outlive it.
class unmasking {
public:
  explicit unmasking(const masked_values& values)
    : values_{&values} {}

  /// What can be passed on after `piece`.
  std::string feed(std::string_view piece);

  /// The rest.
  std::string finish();

private:
  std::string take(bool ends);

  const masked_values* values_;
  std::string held_;
};

} // namespace guardrails::checks
