#pragma once

// Programs that end in the middle, and what they leave. Each runs in a process of its own, forked, so
// that nothing but files outlives it.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/store/database.h"
#include "tests/kill/disk_faults.h"

namespace ciswatch {

namespace fs = std::filesystem;

struct Fault {
  DiskFault kind = DiskFault::none;
  long at = 0;
};

enum class End { done, refused, killed, crashed };

// Everything that a test does with files is below it, the disk that fails.
class FailingDisk {
 public:
  FailingDisk()
      : path_(memory() /
              fmt::format("ciswatch-kill-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name())) {
    empty();
  }
  ~FailingDisk() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const fs::path& path() const { return path_; }

  void empty() const {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }

  // Runs `program` in a process that meets the fault; `kill_after` microseconds it is killed.
  [[nodiscard]] End run(const Fault& fault, const std::function<void()>& program,
                        std::optional<unsigned> kill_after = {}) const {
    const pid_t child = ::fork();
    if (child == 0) {
      arm_disk_fault(fault.kind, fault.at, path_.c_str());
      try {
        program();
      } catch (const std::exception& error) {
        if (::getenv("KILL_TESTS_TELL") != nullptr) std::fprintf(stderr, "%s\n", error.what());
        ::_exit(2);
      }
      ::_exit(0);
    }
    if (kill_after) {
      ::usleep(*kill_after);
      ::kill(child, SIGKILL);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL ? End::killed : End::crashed;
    const int code = WEXITSTATUS(status);
    return code == 0 ? End::done : code == 2 ? End::refused : End::crashed;
  }

  // How many operations the program has on this disk.
  [[nodiscard]] long operations(const std::function<void()>& program) const {
    arm_disk_fault(DiskFault::none, 0, path_.c_str());
    program();
    const long count = disk_operations();
    arm_disk_fault(DiskFault::none, 0, "");
    return count;
  }

 private:
  // Where a sync costs nothing: there are thousands.
  static fs::path memory() {
    return ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
  }

  fs::path path_;
};

// All rows, a line each.
inline std::string rows_in(Database& database, const std::string& sql) {
  auto rows = database.prepare(sql);
  std::string text;
  while (rows.step()) {
    for (int i = 0; i < rows.columns(); ++i) {
      text.append(rows.is_null(i) ? "NULL" : rows.text(i)).push_back('|');
    }
    text += '\n';
  }
  return text;
}

// How many points the suite tries: fewer where each costs more.
inline long sampled(long points) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return points / 10;
#else
  return points;
#endif
}

// From one point that the suite tries to the next.
inline long every(long step) { return sampled(10) == 10 ? step : step * 10; }

}  // namespace ciswatch
