#include "tests/fuzz/scratch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace ciswatch::fuzz {
namespace {

std::filesystem::path folder_in_memory() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code ignored;
  return std::filesystem::is_directory(memory, ignored) ? memory
                                                        : std::filesystem::temp_directory_path();
}

}  // namespace

ScratchFile::ScratchFile(std::string_view name)
    : path_(folder_in_memory() / fmt::format("ciswatch-fuzz-{}-{}.db", ::getpid(), name)) {}

ScratchFile::~ScratchFile() {
  std::error_code ignored;
  for (const auto* suffix : {"", "-journal", "-wal", "-shm"}) {
    std::filesystem::remove(path_.string() + suffix, ignored);
  }
}

void ScratchFile::write(std::span<const std::uint8_t> bytes) const {
  std::ofstream out(path_, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) std::abort();  // a full disk would look like an input without findings
}

Bytes ScratchFile::read() const {
  std::ifstream in(path_, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace ciswatch::fuzz
