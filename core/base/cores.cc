#include "core/base/cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/base/text.h"

namespace ciswatch {
namespace {

constexpr double kNoLimit = 1e9;

unsigned allowed_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

// Cores that a quota of microseconds in a period amounts to; "max" and -1 are no limit.
double cores_of(const std::string& quota, const std::string& period) {
  const double time = std::strtod(quota.c_str(), nullptr);  // 0 for what is no number
  const double of = std::strtod(period.c_str(), nullptr);
  return time > 0 && of > 0 ? time / of : kNoLimit;
}

double limit_of_folder(const std::filesystem::path& folder) {
  std::string quota, period;
  if (std::ifstream(folder / "cpu.max") >> quota >> period) return cores_of(quota, period);
  if (std::ifstream(folder / "cpu.cfs_quota_us") >> quota &&
      std::ifstream(folder / "cpu.cfs_period_us") >> period) {
    return cores_of(quota, period);
  }
  return kNoLimit;
}

// The limits of the groups from the process's own up to the root: the lowest holds.
double limit_of_groups() {
  double least = kNoLimit;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const auto parts = split(line, ':');  // number:controllers:/path
    if (parts.size() < 3) continue;
    const bool v2 = parts[1].empty();
    if (!v2 && parts[1].find("cpu") == std::string::npos) continue;
    const std::filesystem::path root = v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + parts[1];
    for (std::filesystem::path group = parts[2]; !group.empty(); group = group.parent_path()) {
      least = std::min(least, limit_of_folder(root / group.relative_path()));
      if (group == group.root_path()) break;
    }
  }
  return least;
}

}  // namespace

unsigned available_cores() {
  const double limit = std::ceil(limit_of_groups());
  return static_cast<unsigned>(std::clamp<double>(limit, 1, allowed_by_affinity()));
}

}  // namespace ciswatch
