// Writes the bytes, and finds out whether they arrived.
#include "apps/write_file.hpp"

#include <fstream>
#include <stdexcept>

namespace guardrails::apps {

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file{path, std::ios::binary};
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush())
    throw std::runtime_error{"cannot write " + path};
}

} // namespace guardrails::apps
