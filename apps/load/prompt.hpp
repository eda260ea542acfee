// What requests say: one prompt for all, or a mix of kinds read from a file.
#pragma once

#include <guardrails/generation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guardrails::load {

struct prompt {
  std::vector<chat_message> messages;
  double weight = 1; ///< among all prompts
  std::string kind;  ///< under which results are counted
};

inline constexpr std::size_t most_kinds = 32;

/// One JSON object a line: `text`, or `messages` with `role` and `content`; `weight` (above 0, default 1);
/// `kind` (default `default`). Else what is wrong, and in which line.
std::variant<std::vector<prompt>, std::string> read_prompts(std::string_view text);

/// Which prompt each request has: by weight, in an order that looks like chance and is the same in every run.
class mix {
public:
  /// At least one prompt.
  explicit mix(std::span<const prompt> prompts);

  std::size_t pick(std::uint64_t request) const noexcept;

  /// The position of a prompt's kind in kinds().
  std::size_t kind_of(std::size_t prompt) const noexcept { return kind_of_[prompt]; }
  const std::vector<std::string>& kinds() const noexcept { return kinds_; }

private:
  std::vector<double> up_to_; ///< sums of weights
  std::vector<std::size_t> kind_of_;
  std::vector<std::string> kinds_;
};

} // namespace guardrails::load
