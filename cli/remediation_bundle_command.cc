#include <fmt/format.h>

#include <filesystem>

#include "cli/planned.h"
#include "core/base/files.h"
#include "core/plan/shell_script.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, const std::string& text, bool runs = false) {
  AsideFile file(path);
  file.write(text);
  file.commit();
  if (runs) fs::permissions(path, fs::perms::owner_exec, fs::perm_options::add);
}

void write_scripts(const ChangePlan& plan, const fs::path& folder) {
  for (const auto& account : changed_accounts(plan)) {
    write_file(folder / (account + ".sh"), apply_script(plan, account), true);
    write_file(folder / ("undo-" + account + ".sh"), undo_script(plan, account), true);
  }
  write_file(folder / "plan.json", to_json(plan));
}

// Throws Error where there is something in it: a bundle's files are all that it holds.
void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(fmt::format("cannot make {}: {}", folder.string(), error.message()));
  if (!fs::is_empty(folder, error) || error) {
    throw Error(fmt::format("{} is not empty: a bundle gets a folder of its own", folder.string()));
  }
}

}  // namespace

int remediation_bundle_command(const RemediationBundleFlags& flags) {
  const Snapshot snapshot(flags.plan.snapshot);
  const auto plan = planned(flags.plan, snapshot);
  make_folder(flags.plan.out);
  write_scripts(plan, flags.plan.out);
  say(plan);
  return 0;
}

}  // namespace ciswatch
