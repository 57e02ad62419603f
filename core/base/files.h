#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ciswatch {

// The whole file. Throws Error naming the path when it cannot be read or is longer than `most` bytes.
std::string read_file(const std::filesystem::path& path, std::size_t most);

// A file that appears whole or not at all: bytes go to `<path>.part`, `commit` makes them durable and
// renames. Destroyed without commit, the part is removed and what stood at `path` is untouched.
// "-" is standard output and a device ("/dev/…" but /dev/shm) is written in place. Not shared between threads.
class AsideFile {
 public:
  explicit AsideFile(std::filesystem::path path);  // throws Error when it cannot be created
  ~AsideFile();
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;

  void write(std::string_view bytes);  // throws Error (disk full, …)
  void commit();                       // flush, fsync, rename; throws Error

 private:
  void flush();

  std::filesystem::path path_;
  std::filesystem::path part_;  // empty when written in place
  int descriptor_ = -1;
  std::string buffer_;
};

// fsync of a finished file and rename over `to`, then fsync of the folder. Throws Error.
void publish(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ciswatch
