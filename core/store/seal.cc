#include "core/store/seal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

// The checksum is a library's, since it has to be as fast as memory: a fleet's snapshot has gigabytes.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ciswatch {
namespace {

constexpr std::string_view kMark = "ciswatch";
// The mark, SQLite's count of changes when the file was sealed, the checksum of all bytes before.
constexpr std::size_t kSealBytes = 8 + 4 + 8;
constexpr std::size_t kChanges = 24;  // offset of the count (https://sqlite.org/fileformat2.html)
constexpr std::size_t kChunk = 1 << 20;

class File {
 public:
  File(const std::filesystem::path& path, int flags)
      : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC)) {
    if (descriptor_ < 0) fail("open");
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] std::size_t size() const {
    const auto end = ::lseek(descriptor_, 0, SEEK_END);
    if (end < 0) fail("read");
    return static_cast<std::size_t>(end);
  }

  // Fewer bytes than asked for only at the end of the file.
  std::size_t read(char* bytes, std::size_t count, std::size_t offset) const {
    std::size_t done = 0;
    while (done < count) {
      const auto got = ::pread(descriptor_, bytes + done, count - done,
                               static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("read");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  void append(std::string_view bytes) const {
    if (::lseek(descriptor_, 0, SEEK_END) < 0) fail("write");
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("cannot {} {}: {}", what, path_.string(), std::strerror(errno)));
  }

  std::filesystem::path path_;
  int descriptor_;
};

// Of the first `bytes` of the file.
std::uint64_t checksum(const File& file, std::size_t bytes) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_64bits_reset(state.get());
  std::vector<char> chunk(kChunk);
  for (std::size_t at = 0; at < bytes;) {
    const auto got = file.read(chunk.data(), std::min(kChunk, bytes - at), at);
    if (got == 0) break;
    XXH3_64bits_update(state.get(), chunk.data(), got);
    at += got;
  }
  return XXH3_64bits_digest(state.get());
}

using Changes = std::array<char, 4>;

Changes changes(const File& file) {
  Changes count{};
  file.read(count.data(), count.size(), kChanges);
  return count;
}

std::string seal_of(const File& file, std::size_t bytes) {
  std::string text(kMark);
  const auto count = changes(file);
  text.append(count.data(), count.size());
  const auto sum = checksum(file, bytes);
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(sum >> shift & 0xFF);
  return text;
}

}  // namespace

void seal(const std::filesystem::path& path) {
  const File file(path, O_RDWR);
  file.append(seal_of(file, file.size()));
}

void unseal(const std::filesystem::path& path) {
  if (!is_intact(path)) {
    // Less than a seal was being written when its program was killed.
    const auto size = File(path, O_RDONLY).size();
    if (size % 512 >= kSealBytes) {
      throw Error(fmt::format("{} is damaged: its bytes are not those that were written",
                              path.string()));
    }
  }
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (!failed && size % 512 != 0) std::filesystem::resize_file(path, size - size % 512, failed);
  if (failed) throw Error(fmt::format("cannot write {}: {}", path.string(), failed.message()));
}

bool is_intact(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  const auto size = file.size();
  // Pages are of 512 bytes at least, so that only a seal ends the file within one.
  if (size % 512 == 0) return true;
  if (size % 512 != kSealBytes) return false;
  std::string found(kSealBytes, '\0');
  file.read(found.data(), found.size(), size - kSealBytes);
  const auto count = changes(file);
  const std::string_view sealed_at = std::string_view(found).substr(kMark.size(), count.size());
  if (found.starts_with(kMark) && sealed_at != std::string_view(count.data(), count.size())) {
    return true;  // changed by a program, which is its right
  }
  return found == seal_of(file, size - kSealBytes);
}

}  // namespace ciswatch
