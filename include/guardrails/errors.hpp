// What loading a configuration may throw; everything that happens to a generation is a value instead.
#pragma once

#include <stdexcept>
#include <string>

namespace guardrails {

/// Where in a configuration something stands. Lines and columns count from 1; 0 means unknown.
struct config_position {
  std::string source; ///< file name, or `<content>` for text given in memory
  int line = 0;
  int column = 0;
};

/// A configuration that cannot be used. `what()` is the whole sentence:
/// `file:line:column: key.path: what was wrong; expected … (did you mean …?)`.
class config_error : public std::runtime_error {
public:
  /// `key_path` is dotted, `suggestion` the nearest known key or value; both may be empty.
  config_error(config_position where, std::string key_path, std::string problem, std::string suggestion = {});

  const config_position& where() const noexcept { return where_; }
  const std::string& key_path() const noexcept { return key_path_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& suggestion() const noexcept { return suggestion_; }

private:
  config_position where_;
  std::string key_path_;
  std::string problem_;
  std::string suggestion_;
};

} // namespace guardrails
