// A program under test as a child process: started with arguments, watched by its output, ended with the
// scope.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace guardrails::test {

/// Standard output is captured, standard error is the test's own.
class child_process {
public:
  /// Starts `program`; it reads `input` from standard input. Throws std::system_error.
  child_process(const std::filesystem::path& program, std::vector<std::string> arguments,
                std::string_view input = {});

  /// Sends SIGTERM, after five seconds SIGKILL, and waits for the end.
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Waits for a line of output that contains a match of the regular expression `pattern`, and returns the
  /// match followed by its groups. Lines that came earlier count. Throws std::runtime_error when the time is
  /// over or the output ended without one.
  std::vector<std::string> wait_for_line(const std::string& pattern,
                                         std::chrono::milliseconds limit = std::chrono::seconds{10});

  void signal(int number) const;

  /// Waits until the program ends by itself and returns its exit code, or 128 + the signal that ended it.
  /// Throws std::runtime_error when the time is over.
  int wait(std::chrono::milliseconds limit = std::chrono::seconds{10});

  /// What was written to standard output so far; all of it after wait().
  std::string output() const;

  pid_t id() const noexcept { return id_; }

private:
  void read_output();
  bool ended_within(std::chrono::milliseconds limit);

  pid_t id_ = -1;
  int pipe_ = -1;
  bool reaped_ = false;
  int exit_code_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;
  bool output_ended_ = false;
  std::thread reader_;
};

} // namespace guardrails::test
