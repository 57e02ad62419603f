#include "tests/kill/disk_faults.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <string_view>

namespace ciswatch {
namespace {

// What an operation may not do on a disk of each kind.
enum class Does { write, make, remove, sync };

DiskFault g_fault = DiskFault::none;
long g_at = 0;
std::atomic<long> g_operations = 0;
std::array<char, PATH_MAX> g_folder{};

std::string_view folder() { return g_folder.data(); }

bool is_below(std::string_view path) {
  return !folder().empty() && path.starts_with(folder());
}

bool is_below(int descriptor) {
  if (folder().empty()) return false;
  std::array<char, 32> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
  std::array<char, PATH_MAX> path{};
  const auto size = ::readlink(link.data(), path.data(), path.size() - 1);
  return size > 0 && is_below(std::string_view(path.data(), static_cast<std::size_t>(size)));
}

void die() { ::syscall(SYS_kill, ::getpid(), SIGKILL); }

// 0 to go on, else the error. A write that is to be halved is told by `half`.
int fault_of(Does what, bool* half = nullptr) {
  const long number = ++g_operations;
  if (number < g_at) return 0;
  const bool first = number == g_at;
  switch (g_fault) {
    case DiskFault::none: return 0;
    case DiskFault::kill: die(); return 0;
    case DiskFault::tear:
      if (half == nullptr) die();
      else *half = true;
      return 0;
    case DiskFault::full:
      if (what != Does::write && what != Does::make) return 0;
      if (!first || half == nullptr) return ENOSPC;
      *half = true;
      return 0;
    case DiskFault::brief:
      if (half != nullptr) *half = true;
      return 0;
    case DiskFault::readonly: return what == Does::sync ? 0 : EROFS;
    case DiskFault::unsynced: return what == Does::sync ? EIO : 0;
  }
  return 0;
}

template <typename... Arguments>
long call(long number, Does what, Arguments... arguments) {
  if (const int error = fault_of(what); error != 0) {
    errno = error;
    return -1;
  }
  return ::syscall(number, arguments...);
}

// `write` writes the first so many bytes.
template <typename Write>
ssize_t written(int descriptor, std::size_t count, Write write) {
  if (!is_below(descriptor)) return write(count);
  bool half = false;
  if (const int error = fault_of(Does::write, &half); error != 0) {
    errno = error;
    return -1;
  }
  if (!half) return write(count);
  const auto done = write(std::max<std::size_t>(count / 2, std::min<std::size_t>(count, 1)));
  if (g_fault == DiskFault::tear) die();
  return done;
}

ssize_t write_at(int descriptor, const void* bytes, std::size_t count, off_t offset) {
  return written(descriptor, count, [&](std::size_t part) {
    return ::syscall(SYS_pwrite64, descriptor, bytes, part, offset);
  });
}

int open_at(int folder, const char* path, int flags, unsigned mode) {
  const bool makes = (flags & O_CREAT) != 0 && is_below(path);
  return static_cast<int>(makes ? call(SYS_openat, Does::make, folder, path, flags, mode)
                                : ::syscall(SYS_openat, folder, path, flags, mode));
}

int sync_of(long number, int descriptor) {
  return static_cast<int>(is_below(descriptor) ? call(number, Does::sync, descriptor)
                                               : ::syscall(number, descriptor));
}

int cut(int descriptor, off_t size) {
  return static_cast<int>(is_below(descriptor)
                              ? call(SYS_ftruncate, Does::write, descriptor, size)
                              : ::syscall(SYS_ftruncate, descriptor, size));
}

int cut(const char* path, off_t size) {
  return static_cast<int>(is_below(path) ? call(SYS_truncate, Does::write, path, size)
                                         : ::syscall(SYS_truncate, path, size));
}

unsigned mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
}

// "kill 17 /folder" of the environment, for a program that knows nothing of this.
[[gnu::constructor]] void arm_from_environment() {
  const char* text = ::getenv("DISK_FAULT");
  if (text == nullptr) return;
  constexpr std::array<std::string_view, 7> kNames = {"none",  "kill",     "tear",    "full",
                                                      "brief", "readonly", "unsynced"};
  std::array<char, 16> name{};
  static std::array<char, PATH_MAX> path{};
  long at = 0;
  if (std::sscanf(text, "%15s %ld %4095s", name.data(), &at, path.data()) != 3) return;
  const auto* found = std::find(kNames.begin(), kNames.end(), std::string_view(name.data()));
  arm_disk_fault(static_cast<DiskFault>(found - kNames.begin()), at, path.data());
}

}  // namespace

void arm_disk_fault(DiskFault fault, long at, const char* folder) {
  g_fault = fault;
  g_at = at;
  g_operations = 0;
  std::snprintf(g_folder.data(), g_folder.size(), "%s", folder);
}

long disk_operations() { return g_operations; }

}  // namespace ciswatch

// libc's, by its names. SQLite calls those with 64, too.
extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  return ciswatch::written(descriptor, count, [&](std::size_t part) {
    return ::syscall(SYS_write, descriptor, bytes, part);
  });
}
ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  return ciswatch::write_at(descriptor, bytes, count, offset);
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t offset) {
  return ciswatch::write_at(descriptor, bytes, count, offset);
}
int fsync(int descriptor) { return ciswatch::sync_of(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return ciswatch::sync_of(SYS_fdatasync, descriptor); }
int ftruncate(int descriptor, off_t size) noexcept { return ciswatch::cut(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) noexcept { return ciswatch::cut(descriptor, size); }
int truncate(const char* path, off_t size) noexcept { return ciswatch::cut(path, size); }
int truncate64(const char* path, off64_t size) noexcept { return ciswatch::cut(path, size); }

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const unsigned mode = ciswatch::mode_of(flags, more);
  va_end(more);
  return ciswatch::open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const unsigned mode = ciswatch::mode_of(flags, more);
  va_end(more);
  return ciswatch::open_at(AT_FDCWD, path, flags, mode);
}

int rename(const char* from, const char* to) noexcept {
  using ciswatch::Does;
  return static_cast<int>(
      ciswatch::is_below(to)
          ? ciswatch::call(SYS_renameat2, Does::remove, AT_FDCWD, from, AT_FDCWD, to, 0)
          : ::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int unlink(const char* path) noexcept {
  return static_cast<int>(
      ciswatch::is_below(path)
          ? ciswatch::call(SYS_unlinkat, ciswatch::Does::remove, AT_FDCWD, path, 0)
          : ::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int remove(const char* path) noexcept {
  const int done = unlink(path);
  if (done == 0 || errno != EISDIR) return done;
  return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

}  // extern "C"
