// A folder of this process's own, removed with what is in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace guardrails::test {

class scratch_folder {
public:
  explicit scratch_folder(const std::string& purpose)
    : path_{std::filesystem::temp_directory_path() /
            ("guardrails-" + purpose + "-" + std::to_string(::getpid()))} {
    std::filesystem::create_directories(path_);
  }
  ~scratch_folder() {
    std::error_code ignored; // what cannot be removed is the system's to remove
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  /// The path of a file, which need not exist.
  std::string path(const std::string& name) const { return (path_ / name).string(); }

  /// Writes a file and returns its path.
  std::string file(const std::string& name, std::string_view text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path(name);
  }

private:
  std::filesystem::path path_;
};

} // namespace guardrails::test
