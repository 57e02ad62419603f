#include "cli/chosen.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "core/base/text.h"
#include "rules/tailoring.h"

namespace ciswatch {
namespace {

namespace fs = std::filesystem;

// An id has no dot and no slash; a file of checks has one of them.
bool is_file(const std::string& check) {
  return check.find('/') != std::string::npos || check.ends_with(".yaml");
}

// The configuration, if there is one.
std::optional<Tailoring> tailoring_of(const LibraryFlags& flags) {
  if (!flags.config.empty()) return load_tailoring(flags.config);
  std::error_code ignored;
  if (!fs::exists(kConfig, ignored)) return std::nullopt;
  fmt::print(stderr, "ciswatch: configured by ./{}\n", kConfig);
  return load_tailoring(kConfig);
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

std::unique_ptr<Library> load_checks(const LibraryFlags& flags, Tests tests,
                                     std::span<const fs::path> files, const Wanted& wanted) {
  const auto tailoring = tailoring_of(flags);
  // Packs and changes of the user's name checks, too.
  const bool shipped_alone = !tailoring && flags.folders.empty();
  auto library = std::make_unique<Library>(
      load_library(checks_folder(), tests, shipped_alone ? wanted : Wanted()));
  if (tailoring) {
    for (const auto& folder : tailoring->folders) add_folder(*library, folder, tests);
  }
  for (const auto& folder : flags.folders) add_folder(*library, folder, tests);
  for (const auto& file : files) add_check(*library, load_check(file));
  if (tailoring) tailor(*library, *tailoring);
  return library;
}

std::map<std::string, std::string> values_set(std::span<const std::string> flags, std::string_view owner) {
  std::map<std::string, std::string> values;
  for (const auto& flag : flags) {
    const auto equals = flag.find('=');
    if (equals == std::string::npos || flag.find('.') > equals) {
      throw Error(fmt::format("--set {}: write it as {}.NAME=VALUE", printable(flag), owner));
    }
    values[flag.substr(0, equals)] = flag.substr(equals + 1);
  }
  return values;
}

Chosen choose_checks(const SelectionFlags& flags, Tests tests, Others others) {
  std::vector<std::string> packs = flags.packs;
  std::vector<std::string> ids;
  std::vector<fs::path> files;
  for (const auto& check : flags.checks) {
    if (is_file(check)) files.emplace_back(check);
    ids.push_back(is_file(check) ? files.back().stem().string() : check);
  }
  if (packs.empty() && ids.empty()) packs.emplace_back(kDefaultPack);
  const Wanted wanted = [&](const std::vector<Pack>& all) { return ids_chosen(all, packs, ids); };
  Chosen chosen{load_checks(flags.library, tests, files, others == Others::read ? Wanted() : wanted), {}, {}};
  chosen.selection = choose(*chosen.library, packs, ids);
  return chosen;
}

}  // namespace ciswatch
