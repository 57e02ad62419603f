#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cli/commands.h"
#include "rules/selection.h"
#include "rules/waivers.h"

namespace ciswatch {

// Where the shipped checks are: share/ciswatch/checks beside the installed program's bin/, else the
// source tree that it was built from. Throws Error when neither is there.
std::filesystem::path checks_folder();

// The configuration that is read where --config names none.
inline constexpr const char* kConfig = "ciswatch.yaml";

// The shipped library, with the user's folders and files of one check each, as the configuration
// changes it. `tests`: whether the checks' own are wanted. `wanted` counts for the shipped library alone:
// what users write is read, so that they are told of mistakes.
std::unique_ptr<Library> load_checks(const LibraryFlags& flags, Tests tests,
                                     std::span<const std::filesystem::path> files = {},
                                     const Wanted& wanted = {});

// The values of --set, "OWNER.NAME=VALUE" each: "owner.name" → value. `owner` is CHECK or FIX, for the
// message. Throws Error for one that is written otherwise.
std::map<std::string, std::string> values_set(std::span<const std::string> flags, std::string_view owner);

// What runs when nothing is chosen.
inline constexpr const char* kDefaultPack = "cis-aws-1.2.0";

// The library and, from it, the chosen checks.
struct Chosen {
  std::unique_ptr<Library> library;  // the selection points into it
  Selection selection;
  std::vector<WaiverEntry> waivers;
};

// Whether checks that are not chosen are read: who looks them up needs it. To read them all takes
// longer than to judge a small account.
enum class Others { read, leave_out };

Chosen choose_checks(const SelectionFlags& flags, Tests tests = Tests::leave_out,
                     Others others = Others::read);

}  // namespace ciswatch
