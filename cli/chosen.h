#pragma once

#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "rules/selection.h"
#include "rules/waivers.h"

namespace ciswatch {

// Where the shipped checks are: share/ciswatch/checks beside the installed program's bin/, else the
// source tree that it was built from. Throws Error when neither is there.
std::filesystem::path checks_folder();

// What runs when nothing is chosen.
inline constexpr const char* kDefaultPack = "cis-aws-1.2.0";

// The shipped library and, from it and from the user's own files, the chosen checks.
struct Chosen {
  std::unique_ptr<Library> library;  // the selection points into it
  Selection selection;
  std::vector<WaiverEntry> waivers;
};

// `tests`: whether the checks' own are wanted, of the shipped ones; files of the user's are read whole.
Chosen choose_checks(const SelectionFlags& flags, Tests tests = Tests::leave_out);

}  // namespace ciswatch
