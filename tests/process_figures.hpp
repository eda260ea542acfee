// What the system counts of a process under test.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace guardrails::test {

/// One line of /proc/PID/status that counts memory, such as `VmRSS`, in bytes; 0: there is none.
inline std::int64_t memory_of(pid_t process, std::string_view name) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name) && line[name.size()] == ':')
      return std::stoll(line.substr(name.size() + 1)) * 1024;
  return 0;
}

/// How many files and sockets it has open.
inline std::int64_t descriptors_of(pid_t process) {
  const std::filesystem::directory_iterator open{"/proc/" + std::to_string(process) + "/fd"};
  return std::distance(begin(open), end(open));
}

} // namespace guardrails::test
