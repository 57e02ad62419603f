#pragma once

// One file in memory that is written over and over: what SQLite opens by name.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ciswatch::fuzz {

using Bytes = std::vector<std::uint8_t>;

// Gone with the object; so are the journals that SQLite puts beside it.
class ScratchFile {
 public:
  explicit ScratchFile(std::string_view name);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  void write(std::span<const std::uint8_t> bytes) const;
  [[nodiscard]] Bytes read() const;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace ciswatch::fuzz
