#include "cli/scratch_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "core/base/error.h"

namespace ciswatch {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() {
  std::string name = (fs::temp_directory_path() / "ciswatch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(fmt::format("cannot make a folder in {}; set TMPDIR or give -o",
                            fs::temp_directory_path().string()));
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!kept_) fs::remove_all(path_, ignored);
}

}  // namespace ciswatch
