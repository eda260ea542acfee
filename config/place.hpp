// A value that is being read: the node, its key path, and how to complain about it.
#pragma once

#include "config/node.hpp"

#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <string>

namespace guardrails::config {

/// What is the same for a whole document.
struct document {
  std::string source;
  rails_config::environment env; ///< not set: `${NAME}` is plain text (values set in code)
};

/// The text of a scalar, with its environment variables replaced.
struct scalar {
  std::string text;
  bool quoted = false;
  bool used_environment = false;
};

struct place {
  const document& in;
  const node& value;
  std::string path;

  place element(std::size_t index) const {
    return {in, value.items[index], path + '[' + std::to_string(index) + ']'};
  }

  [[noreturn]] void fail(std::string problem, std::string suggestion = {}) const;

  /// Fails with `is <what was found>; expected <expected>`. Values that might be secret are not quoted.
  [[noreturn]] void fail_type(const std::string& expected, std::string suggestion = {}) const;

  /// Fails with `<found> is out of range; …`.
  [[noreturn]] void fail_range(const std::string& expected) const;

  /// The scalar that stands here; anything else fails with fail_type.
  scalar read_scalar(const std::string& expected) const;

  /// What stands here, in words: `a list`, `nothing`, `yes`.
  std::string found() const;
};

} // namespace guardrails::config
