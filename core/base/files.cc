#include "core/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/error.h"

namespace ciswatch {
namespace {

constexpr std::size_t kBuffer = 1 << 16;

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) {
  throw Error(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

// "/dev/stdout", "/dev/fd/3", "/dev/null"; what is below /dev/shm are files like any others.
bool is_device(std::string_view path) {
  return path.starts_with("/dev/") && !path.starts_with("/dev/shm/");
}

void sync_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // an unreadable folder: the rename itself already succeeded
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("read", path);
  std::string text;
  char chunk[kBuffer];
  while (in.read(chunk, sizeof chunk) || in.gcount() > 0) {
    text.append(chunk, static_cast<std::size_t>(in.gcount()));
    if (text.size() > most) {
      throw Error(fmt::format("{} is longer than the {} bytes allowed here", path.string(), most));
    }
  }
  if (in.bad() || std::filesystem::is_directory(path)) fail("read", path);
  return text;
}

AsideFile::AsideFile(std::filesystem::path path) : path_(std::move(path)) {
  if (path_ == "-") {
    descriptor_ = ::dup(STDOUT_FILENO);
  } else if (is_device(path_.string())) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    part_ = path_.string() + ".part";
    descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  }
  if (descriptor_ < 0) fail("write", path_);
}

AsideFile::~AsideFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!part_.empty()) ::unlink(part_.c_str());
}

void AsideFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBuffer) flush();
}

void AsideFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path_);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void AsideFile::commit() {
  flush();
  if (!part_.empty() && ::fsync(descriptor_) != 0) fail("write", path_);
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail("write", path_);
  if (part_.empty()) return;
  if (::rename(part_.c_str(), path_.c_str()) != 0) {
    const int cause = errno;
    ::unlink(part_.c_str());
    errno = cause;
    fail("write", path_);
  }
  sync_folder(path_);
}

void publish(const std::filesystem::path& from, const std::filesystem::path& to) {
  const int descriptor = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail("open", from);
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!synced) fail("sync", from);
  if (::rename(from.c_str(), to.c_str()) != 0) fail("write", to);
  sync_folder(to);
}

}  // namespace ciswatch
