// The page that a browser shows: its files, and what is said with them.
#pragma once

#include "apps/gateway/reply.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace guardrails::gateway {

/// Immutable, and so thread-safe.
class page_files {
public:
  page_files();

  /// A file by the path it is asked for, or that the client has it already (`known_tag` as in
  /// `If-None-Match`).
  reply answer(std::string_view path, std::string_view known_tag) const;

private:
  struct file {
    std::string path;
    std::string_view bytes;
    std::string_view type;
    std::string tag;     ///< changes with the bytes
    std::string headers; ///< lines that go with it
  };

  static file make_file(std::string_view name, std::string_view bytes);

  std::vector<file> files_;
};

} // namespace guardrails::gateway
