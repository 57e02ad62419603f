#include "cli/chosen.h"

#include <fmt/format.h>

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

// An id has no dot and no slash; a file of checks has one of them.
bool is_file(const std::string& check) {
  return check.find('/') != std::string::npos || check.ends_with(".yaml");
}

}  // namespace

fs::path checks_folder() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = program.parent_path().parent_path() / "share" / "ciswatch" / "checks";
  for (const auto& folder : {installed, fs::path(CISWATCH_SOURCE_CHECKS)}) {
    if (fs::is_directory(folder, ignored)) return folder;
  }
  throw Error(fmt::format("cannot find the checks, neither in {} nor in {}; install ciswatch again",
                          installed.string(), CISWATCH_SOURCE_CHECKS));
}

Chosen choose_checks(const SelectionFlags& flags, Tests tests) {
  Chosen chosen{std::make_unique<Library>(load_library(checks_folder(), tests)), {}, {}};
  std::vector<std::string> packs = flags.packs;
  std::vector<std::string> ids;
  for (const auto& check : flags.checks) {
    if (!is_file(check)) {
      ids.push_back(check);
      continue;
    }
    Check own = load_check(check);
    ids.push_back(own.id);
    add_check(*chosen.library, std::move(own));
  }
  if (packs.empty() && ids.empty()) packs.emplace_back(kDefaultPack);
  chosen.selection = choose(*chosen.library, packs, ids);
  return chosen;
}

}  // namespace ciswatch
