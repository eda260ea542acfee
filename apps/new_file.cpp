// Writes beside the file's place, and moves there what is complete.
#include "apps/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace guardrails::apps {

namespace {

/// A file of a name of its own, open for nobody else, gone with the scope.
class draft {
public:
  explicit draft(const std::string& beside)
    : path_{beside + ".XXXXXX"}
    , fd_{mkostemp(path_.data(), O_CLOEXEC)} {}
  ~draft() {
    if (fd_ < 0)
      return;
    close(fd_);
    unlink(path_.c_str());
  }
  draft(const draft&) = delete;
  draft& operator=(const draft&) = delete;

  bool write(std::string_view bytes, mode_t mode) const {
    while (fd_ >= 0 && !bytes.empty()) {
      const auto count = ::write(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno != EINTR)
        return false;
      bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return fd_ >= 0 && fchmod(fd_, mode) == 0;
  }

  bool move_to(const std::string& path, bool replace) const {
    return (replace ? rename(path_.c_str(), path.c_str()) : link(path_.c_str(), path.c_str())) == 0;
  }

private:
  std::string path_;
  int fd_;
};

} // namespace

void write_new_file(const std::string& path, std::string_view bytes, mode_t mode, bool replace) {
  const draft file{path};
  if (!file.write(bytes, mode) || !file.move_to(path, replace))
    throw std::system_error{errno, std::generic_category(), "cannot write " + path};
}

} // namespace guardrails::apps
