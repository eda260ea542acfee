// Reads /proc.
#include "apps/load/watched_process.hpp"

#include <fstream>
#include <string>
#include <unistd.h>

namespace guardrails::load {
namespace {

/// The 14th and the 15th field; the second is a name in parentheses, which may hold anything.
std::optional<double> processor_seconds(pid_t id) {
  std::ifstream file{"/proc/" + std::to_string(id) + "/stat"};
  std::string text;
  std::getline(file, text, '\0');
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return std::nullopt;
  auto rest = text.substr(name_end + 1);
  std::size_t at = 0;
  for (int field = 2; field < 13 && at != std::string::npos; ++field)
    at = rest.find(' ', at + 1);
  if (at == std::string::npos)
    return std::nullopt;
  char* end = nullptr;
  const auto user = std::strtoull(rest.c_str() + at, &end, 10);
  const auto system = std::strtoull(end, nullptr, 10);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double resident_megabytes(pid_t id) {
  std::ifstream file{"/proc/" + std::to_string(id) + "/statm"};
  double size = 0;
  double resident = 0;
  file >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

} // namespace

std::optional<process_usage> watched_process::look() {
  const auto seconds = processor_seconds(id_);
  if (!seconds)
    return std::nullopt;
  const auto now = clock::now();
  const std::chrono::duration<double> passed = now - looked_;
  const auto used = *seconds - seconds_;
  looked_ = now;
  seconds_ = *seconds;
  return process_usage{passed.count() > 0 ? used / passed.count() : 0, resident_megabytes(id_)};
}

} // namespace guardrails::load
