#pragma once

// The waivers that people write (docs/waivers.md; kWaiverFileForm in rules/forms.h): who accepts which
// findings, why, and until when. Plain values. Files are hostile: bounded like those of checks.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/report/finding.h"
#include "rules/diagnostic.h"
#include "rules/library.h"

namespace ciswatch {

inline constexpr std::size_t kMostWaivers = 5'000;  // in all files of a scan

struct WaiverLimits {
  int max_days = 180;
  int warn_days = 14;
  std::size_t max_findings = 100;
};

struct WaiverEntry {
  std::string check;                      // as its file says: an id or PACK/NUMBER
  std::vector<std::string> checks;        // the ids that it stands for, sorted
  std::string account, region, resource;  // globs (core/base/text.h); "*" where nothing is said
  Waiver waiver;
  UnixSeconds last_day = 0;  // its first second
  WaiverLimits limits;       // of its file
  std::filesystem::path file;
  Place place;
};

// The waivers of the files in their order. A mistake is a diagnostic: also a check, a requirement or
// a pack that the library does not have, and two waivers of which one says nothing that the other
// does not. Throws Error for a file that cannot be read.
std::vector<WaiverEntry> read_waivers(std::span<const std::filesystem::path> files,
                                      const Library& library, std::vector<Diagnostic>& diagnostics);

// The same; throws Error with the first few mistakes.
std::vector<WaiverEntry> load_waivers(std::span<const std::filesystem::path> files,
                                      const Library& library);

// "file:line", as findings about waivers name one.
std::string name_of(const WaiverEntry& entry);

}  // namespace ciswatch
