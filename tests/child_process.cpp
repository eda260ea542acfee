// Starts, watches and ends child processes for tests.
#include "tests/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <regex>
#include <spawn.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace guardrails::test {
namespace {

using clock = std::chrono::steady_clock;

int checked(int result, const char* what) {
  if (result < 0)
    throw std::system_error{errno, std::generic_category(), what};
  return result;
}

class descriptor {
public:
  explicit descriptor(int fd)
    : fd_{fd} {}
  ~descriptor() {
    if (fd_ >= 0)
      close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

private:
  int fd_;
};

// A file in memory never blocks, however much the program leaves unread.
void fill(const descriptor& file, std::string_view input) {
  while (!input.empty()) {
    const auto count = write(file.get(), input.data(), input.size());
    checked(count < 0 ? -1 : 0, "write");
    input.remove_prefix(static_cast<std::size_t>(count));
  }
  lseek(file.get(), 0, SEEK_SET);
}

struct file_actions {
  posix_spawn_file_actions_t value;

  file_actions() { posix_spawn_file_actions_init(&value); }
  ~file_actions() { posix_spawn_file_actions_destroy(&value); }
  file_actions(const file_actions&) = delete;
  file_actions& operator=(const file_actions&) = delete;
};

pid_t spawn(const std::filesystem::path& program, std::vector<std::string>& arguments, int input,
            int output) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  file_actions actions;
  posix_spawn_file_actions_adddup2(&actions.value, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions.value, output, STDOUT_FILENO);
  pid_t id = -1;
  if (const int problem = posix_spawn(&id, program.c_str(), &actions.value, nullptr, argv.data(), environ);
      problem != 0)
    throw std::system_error{problem, std::generic_category(), "cannot start " + program.string()};
  return id;
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

child_process::child_process(const std::filesystem::path& program, std::vector<std::string> arguments,
                             std::string_view input) {
  const descriptor in{checked(memfd_create("input", MFD_CLOEXEC), "memfd_create")};
  fill(in, input);
  int ends[2];
  checked(pipe2(ends, O_CLOEXEC), "pipe2");
  descriptor read_end{ends[0]};
  const descriptor write_end{ends[1]};
  id_ = spawn(program, arguments, in.get(), write_end.get());
  pipe_ = read_end.release();
  reader_ = std::thread{[this] { read_output(); }};
}

child_process::~child_process() {
  if (!reaped_) {
    signal(SIGTERM);
    if (!ended_within(std::chrono::seconds{5})) {
      signal(SIGKILL);
      ended_within(std::chrono::seconds{5});
    }
  }
  reader_.join();
  close(pipe_);
}

void child_process::signal(int number) const {
  if (!reaped_)
    kill(id_, number);
}

std::vector<std::string> child_process::wait_for_line(const std::string& pattern,
                                                      std::chrono::milliseconds limit) {
  const std::regex expression{pattern};
  const auto end = clock::now() + limit;
  std::size_t seen = 0;
  std::unique_lock guard{mutex_};
  for (;;) {
    for (std::size_t stop; (stop = output_.find('\n', seen)) != std::string::npos; seen = stop + 1) {
      const auto line = output_.substr(seen, stop - seen);
      if (std::smatch match; std::regex_search(line, match, expression))
        return {match.begin(), match.end()};
    }
    if (output_ended_)
      throw std::runtime_error{"the program ended without a line matching " + pattern};
    if (changed_.wait_until(guard, end) == std::cv_status::timeout && clock::now() >= end)
      throw std::runtime_error{"no line matching " + pattern + " in time"};
  }
}

int child_process::wait(std::chrono::milliseconds limit) {
  if (!ended_within(limit))
    throw std::runtime_error{"the program did not end in time"};
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, limit, [this] { return output_ended_; });
  return exit_code_;
}

std::string child_process::output() const {
  const std::lock_guard guard{mutex_};
  return output_;
}

void child_process::read_output() {
  char block[4096];
  for (;;) {
    const auto count = read(pipe_, block, sizeof block);
    if (count < 0 && errno == EINTR)
      continue;
    const std::lock_guard guard{mutex_};
    if (count > 0)
      output_.append(block, static_cast<std::size_t>(count));
    else
      output_ended_ = true;
    changed_.notify_all();
    if (output_ended_)
      return;
  }
}

bool child_process::ended_within(std::chrono::milliseconds limit) {
  const auto end = clock::now() + limit;
  while (!reaped_) {
    int status = 0;
    if (const auto id = waitpid(id_, &status, WNOHANG); id == id_) {
      reaped_ = true;
      exit_code_ = code_of(status);
    } else if (clock::now() >= end)
      return false;
    else
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

} // namespace guardrails::test
