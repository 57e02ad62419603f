#include "core/base/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace ciswatch {

std::size_t allow_open_files(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;  // such a machine has no limit to tell
  if (limit.rlim_cur >= wanted) return limit.rlim_cur;
  rlimit higher = limit;
  higher.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  return setrlimit(RLIMIT_NOFILE, &higher) == 0 ? higher.rlim_cur : limit.rlim_cur;
}

}  // namespace ciswatch
